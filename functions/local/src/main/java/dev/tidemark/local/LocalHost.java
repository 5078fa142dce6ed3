package dev.tidemark.local;

import dev.tidemark.core.config.ClusterConfig;
import dev.tidemark.core.config.Configuration;
import dev.tidemark.core.config.PolicyConfig;
import dev.tidemark.core.config.Settings;
import dev.tidemark.core.flow.CatalogRebuilder;
import dev.tidemark.core.flow.Deployment;
import dev.tidemark.core.flow.Dispatcher;
import dev.tidemark.core.flow.FlowEvents;
import dev.tidemark.core.flow.FlowSettings;
import dev.tidemark.core.flow.Platform;
import dev.tidemark.core.flow.Register;
import dev.tidemark.core.flow.Workers;
import dev.tidemark.core.secret.SecretStore;
import dev.tidemark.core.state.StateTable;
import dev.tidemark.events.WorkItem;
import dev.tidemark.local.sqlite.SqliteStateTable;
import dev.tidemark.local.sqlite.SqliteWorkQueue;
import dev.tidemark.local.sqlite.StateFile;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** One process on a state folder: the composition root of the local host. */
final class LocalHost implements AutoCloseable {
  /** Who waits for a run looks at least so often: another process may be working it. */
  static final Duration LOOK = Duration.ofMillis(200);

  private final StateFile file;
  private final Processes processes;
  private final SqliteWorkQueue queues;
  private final Wakeup wakeup = new Wakeup();
  private final LiveProgress progress = new LiveProgress();
  private final SecretStore secrets;
  private final LocalSite site;
  private final Platform platform;
  private final Dispatcher dispatcher;
  private final Register register;
  private final Settings settings;
  private final InstantSource clock;
  private final JsonLog log;
  private final AtomicBoolean closing = new AtomicBoolean();
  private final AtomicLong closings = new AtomicLong();
  private final List<Worker> workers = new CopyOnWriteArrayList<>();
  private final Configuration configuration;
  private final StateTable table;
  private volatile @Nullable Metrics metrics;

  LocalHost(Configuration configuration, Path state, JsonLog log) {
    this.configuration = configuration;
    this.clock = InstantSource.system();
    this.log = log;
    this.settings = configuration.settings();
    SecureIds ids = new SecureIds();
    this.file = StateFile.open(state);
    this.processes = Processes.start(state, ids);
    this.table = new SqliteStateTable(file);
    this.queues = new SqliteWorkQueue(file, processes, clock);
    Aws aws = new Aws(System.getenv());
    this.secrets =
        log.redaction().watching(aws.secretsBeside(new EnvFileSecretStore(System.getenv(), state)));
    this.site =
        new LocalSite(
            configuration,
            new FileConfigurations(state.resolve("configurations")),
            secrets,
            aws,
            state,
            clock,
            ids);
    FlowSettings flow = FlowSettings.of(settings);
    this.platform =
        new Platform(
            table,
            new SignallingQueue(queues, wakeup),
            site,
            workers(processes),
            clock,
            ids,
            progress,
            events(),
            new NoticeFile(state.resolve("notices.jsonl")),
            flow,
            Deployment.idOf(table, ids),
            Version.current(),
            Runtime.getRuntime().availableProcessors());
    this.dispatcher = new Dispatcher(platform);
    this.register = new Register(table, flow);
  }

  LocalSite site() {
    return site;
  }

  /** Whose answers the log does not show. */
  SecretStore secrets() {
    return secrets;
  }

  Dispatcher dispatcher() {
    return dispatcher;
  }

  Register register() {
    return register;
  }

  LiveProgress progress() {
    return progress;
  }

  CatalogRebuilder rebuilder() {
    return new CatalogRebuilder(platform);
  }

  InstantSource clock() {
    return clock;
  }

  JsonLog log() {
    return log;
  }

  /** How many items a queue holds. */
  long queued(WorkItem.Queue queue) {
    return queues.size(queue);
  }

  /** Where a policy's backups of a cluster go; empty where the configuration does not say. */
  String vaultOf(String policy, String cluster) {
    PolicyConfig known = configuration.policies().get(policy);
    String vault = known == null ? null : known.vault();
    ClusterConfig of = configuration.clusters().get(cluster);
    return vault != null ? vault : of == null ? "" : of.vault();
  }

  ServerLock takeServerLock() {
    return ServerLock.take(table, processes);
  }

  /** From now on, failures are counted. */
  void watchedBy(Metrics counting) {
    metrics = counting;
  }

  /** Whether another process works all runs, so that this one need not. */
  boolean isServed() {
    return ServerLock.isTaken(table, processes);
  }

  /**
   * Works a run with this host's threads; where a server has the state folder, waits for it.
   *
   * @param run null for all
   * @param done asked a few times a second, and when a run was closed, on the calling thread; ends
   *     the work
   */
  void work(@Nullable String run, BooleanSupplier done) throws InterruptedException {
    if (run != null && waitWhileServed(done)) {
      return;
    }
    AtomicBoolean stop = new AtomicBoolean();
    List<Thread> threads = new ArrayList<>();
    threads.add(start("control", WorkItem.Queue.CONTROL, run, stop));
    for (int i = 0; i < settings.workers(); i++) {
      threads.add(start("transfer-" + i, WorkItem.Queue.TRANSFER, run, stop));
    }
    try {
      long seen = wakeup.count();
      while (!done.getAsBoolean() && !closing.get()) {
        wakeup.await(seen, LOOK);
        seen = wakeup.count();
      }
    } finally {
      stop.set(true);
      wakeup.signal();
      for (Thread thread : threads) {
        thread.join();
      }
      workers.clear();
    }
  }

  /** Whether the work was done while there was a server. */
  private boolean waitWhileServed(BooleanSupplier done) throws InterruptedException {
    while (isServed()) {
      if (done.getAsBoolean() || closing.get()) {
        return true;
      }
      wakeup.await(wakeup.count(), LOOK);
    }
    return false;
  }

  /** How often this process went to close a run: a run that is waited for may have been closed. */
  long closings() {
    return closings.get();
  }

  /** Whether a worker of this process is in the middle of something. */
  boolean busy() {
    return workers.stream().anyMatch(Worker::busy);
  }

  private Thread start(
      String name, WorkItem.Queue queue, @Nullable String run, AtomicBoolean stop) {
    Worker worker =
        new Worker(dispatcher, queues, queue, run, settings.slice(), clock, wakeup, stop::get, log);
    workers.add(worker);
    Thread thread = new Thread(worker, name);
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  private static Workers workers(Processes processes) {
    return new Workers() {
      @Override
      public String self() {
        return processes.id();
      }

      @Override
      public boolean gone(String worker) {
        return processes.gone(worker);
      }
    };
  }

  private FlowEvents events() {
    return new FlowEvents() {
      @Override
      public void failed(WorkItem item, RuntimeException failure) {
        log.error("step.failed", item.run(), item.unit(), failure);
        Metrics counting = metrics;
        if (counting != null) {
          counting.failed(item.kind().word());
        }
      }

      @Override
      public void done(WorkItem item) {
        log.info("step.done", item.run(), item.unit(), Map.of("step", item.kind().word()));
        if (item.kind() == WorkItem.Kind.RUN_CLOSE) {
          closings.incrementAndGet();
          wakeup.signal();
        }
      }

      @Override
      public void waits(WorkItem item, String why) {
        log.info(
            "step.waits", item.run(), item.unit(), Map.of("step", item.kind().word(), "for", why));
      }
    };
  }

  @Override
  public void close() {
    closing.set(true);
    processes.close();
    file.close();
  }
}
