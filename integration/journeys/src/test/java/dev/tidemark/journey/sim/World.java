package dev.tidemark.journey.sim;

import static java.util.Objects.requireNonNull;

import dev.tidemark.contract.ManualClock;
import dev.tidemark.contract.fault.Call;
import dev.tidemark.contract.fault.Crash;
import dev.tidemark.contract.fault.Fault;
import dev.tidemark.contract.fault.FaultPlan;
import dev.tidemark.contract.fault.Faults;
import dev.tidemark.core.blob.BlobStore;
import dev.tidemark.core.engine.StorageEngine;
import dev.tidemark.core.failure.TransientFailure;
import dev.tidemark.core.flow.BinSettings;
import dev.tidemark.core.flow.FlowSettings;
import dev.tidemark.core.memory.InMemoryCluster;
import dev.tidemark.core.memory.InMemoryNoticeBus;
import dev.tidemark.core.queue.Delivery;
import dev.tidemark.core.state.Row;
import dev.tidemark.core.state.StateTable;
import dev.tidemark.core.time.Slice;
import dev.tidemark.core.vault.Vault;
import dev.tidemark.events.WorkItem.Queue;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Everything that outlives a process, and the processes one after the other. */
public final class World {
  /** More than any trial needs; one that goes on for longer would go on for ever. */
  private static final int MOST_STEPS = 20_000;

  private static final int MANY_STEPS = 2_000_000;

  private static final int STEPS_ASIDE = 5;

  private static final Duration TICK = Duration.ofSeconds(20);

  public static final FlowSettings SETTINGS =
      new FlowSettings(
          Duration.ofMinutes(10),
          Duration.ofSeconds(60),
          2,
          8,
          Duration.ofSeconds(1),
          Duration.ofMinutes(2),
          new BinSettings(20_000, 200_000, 3, 4));

  final Setting setting;
  final ManualClock clock = new ManualClock();
  final Ports ports;
  final BlobStore store;
  final StateTable table;
  final InMemoryNoticeBus notices = new InMemoryNoticeBus();
  final Map<String, InMemoryCluster> clusters = new TreeMap<>();
  final Map<String, Shards> shards = new TreeMap<>();
  final Map<String, Supplier<StorageEngine>> outside = new TreeMap<>();
  final SeededIds ids;
  final Set<String> dead = new HashSet<>();
  private FlowSettings settings = SETTINGS;
  int width = 2;
  String deployment = "d1";

  private final SplittableRandom chance;
  private Faults faults;
  private Worker worker;
  private int workers;
  private Instant nextTick;
  private int steps;
  private int mostSteps = MOST_STEPS;
  private boolean aside;
  private @Nullable Runnable others;

  public World(Setting setting) {
    this(setting, InMemoryPorts::new);
  }

  World(Setting setting, Ports.Source source) {
    this.setting = setting;
    this.ports = source.open(setting, clock, this::interlude);
    this.store = ports.store();
    this.table = ports.table();
    this.ids = new SeededIds(setting.seed());
    this.chance = new SplittableRandom(setting.seed());
    this.nextTick = clock.instant();
    Vault.create(store, ids);
    this.faults = faults(FaultPlan.none());
    this.worker = hire();
  }

  /** Adds a cluster with five units. */
  public World cluster(String name) {
    bareCluster(name);
    shards(name).populate(setting.size());
    pause(Duration.ofMinutes(5));
    return this;
  }

  public InMemoryCluster bareCluster(String name) {
    InMemoryCluster.Mood mood =
        setting.nature() == Setting.Nature.MEAN
            ? InMemoryCluster.Mood.mean(setting.seed())
            : InMemoryCluster.Mood.KIND;
    var cluster = new InMemoryCluster(name, clock, mood);
    clusters.put(name, cluster);
    shards.put(name, new Shards(cluster));
    return cluster;
  }

  /**
   * Adds a cluster that stands outside of the world, where other clocks go.
   *
   * @param client a client of its own for each process
   */
  World cluster(String name, Supplier<StorageEngine> client) {
    outside.put(name, client);
    return this;
  }

  FlowSettings settings() {
    return settings;
  }

  /** From now on the flow has these numbers; there is a new process, for one has them all along. */
  World with(FlowSettings numbers) {
    settings = numbers;
    replaceWorker();
    return this;
  }

  public Shards shards(String cluster) {
    return requireNonNull(shards.get(cluster));
  }

  public InMemoryCluster engine(String cluster) {
    return requireNonNull(clusters.get(cluster));
  }

  /** From now on calls go wrong by this plan; there is a new process. */
  public Faults attack(FaultPlan plan) {
    faults.settle();
    faults = faults(plan);
    replaceWorker();
    return faults;
  }

  /**
   * From now on all goes well, but at one call the process sleeps while others act.
   *
   * @param call like {@code BlobStore.create}, and {@code number} counts from now on
   */
  void pauseAt(String call, int number, Fault.When when, Runnable meanwhile) {
    pauseAt(call, number, when, meanwhile, FaultPlan.none());
  }

  /** The same, with faults for the others. */
  void pauseAt(String call, int number, Fault.When when, Runnable meanwhile, FaultPlan faulty) {
    attack(FaultPlan.at(call, number, new Fault.Slow(when, Duration.ZERO)).and(faulty));
    others = meanwhile;
  }

  /** A colleague works until nothing is visible now. */
  void othersWork() {
    Worker colleague = hire();
    while (step(colleague)) {
      requireSteps();
    }
  }

  /** A colleague works, and time passes, until something is so or nothing is left to do. */
  void othersWorkUntil(BooleanSupplier so) {
    Worker colleague = hire();
    while (!so.getAsBoolean()) {
      requireSteps();
      if (!step(colleague) && !passTime()) {
        return;
      }
    }
  }

  /** The table is lost. */
  void loseTable() {
    for (Row row : rows()) {
      table.discard(row.partition(), List.of(row.sort()));
    }
  }

  Faults faults() {
    return faults;
  }

  private Faults faults(FaultPlan plan) {
    FaultPlan ticking =
        new FaultPlan() {
          @Override
          public Optional<Fault> faultOf(Call call) {
            clock.pass(setting.perCall());
            return plan.faultOf(call);
          }

          @Override
          public String toString() {
            return plan.toString();
          }
        };
    return new Faults(ticking, this::meanwhile);
  }

  public Worker worker() {
    return worker;
  }

  /** A process beside the one that the world goes on with. */
  public Worker hire() {
    return new Worker(this, faults.process(), "w" + ++workers);
  }

  /** For a trial with far more units than others. */
  void unhurried() {
    mostSteps = MANY_STEPS;
  }

  public void pause(Duration time) {
    clock.pass(time);
  }

  /** Handles one delivery; false where none is visible now. */
  public boolean step() {
    requireSteps();
    try {
      return step(worker);
    } catch (Crash crash) {
      crashed();
      return true;
    }
  }

  private void requireSteps() {
    if (++steps > mostSteps) {
      throw new AssertionError("no end after " + mostSteps + " steps: " + ports);
    }
  }

  /** One delivery, handled by a certain worker. */
  boolean step(Worker by) {
    tick(by);
    boolean transferFirst = chance.nextBoolean();
    Queue first = transferFirst ? Queue.TRANSFER : Queue.CONTROL;
    Queue second = transferFirst ? Queue.CONTROL : Queue.TRANSFER;
    return handleOne(by, first) || handleOne(by, second);
  }

  private void tick(Worker by) {
    if (clock.instant().isBefore(nextTick)) {
      return;
    }
    nextTick = clock.instant().plus(TICK);
    try {
      by.dispatcher().tick();
    } catch (TransientFailure e) {
      // The host ticks again.
    }
  }

  boolean handleOne(Worker by, Queue queue) {
    Optional<Delivery> delivery;
    try {
      delivery = by.receiver().receive(queue);
    } catch (TransientFailure e) {
      return true;
    }
    if (delivery.isEmpty()) {
      return false;
    }
    try {
      by.dispatcher().dispatch(delivery.get().item(), Slice.of(setting.slice(), clock));
      by.receiver().acknowledge(delivery.get());
    } catch (RuntimeException e) {
      // Not acknowledged: it comes again.
      by.remember(e);
    }
    return true;
  }

  /** Now and then somebody acts between the two moments of a torn query. */
  private void interlude() {
    if (!aside && chance.nextInt(12) == 0) {
      meanwhile(Duration.ofMillis(200));
    }
  }

  /** What goes on while a call is slow: time passes, and a colleague works. */
  private void meanwhile(Duration time) {
    clock.pass(time);
    Runnable now = others;
    if (now != null) {
      others = null;
      aside = true;
      try {
        now.run();
      } finally {
        aside = false;
      }
    }
    if (setting.nature() == Setting.Nature.KIND || aside) {
      return;
    }
    aside = true;
    Worker colleague = hire();
    try {
      for (int i = 0; i < STEPS_ASIDE && step(colleague); i++) {
        requireSteps();
      }
    } catch (Crash crash) {
      if (setting.host() == Setting.Host.LOCAL) {
        dead.add(colleague.id());
      }
    } finally {
      aside = false;
    }
  }

  /** The process is dead, and another one begins. */
  void crashed() {
    if (setting.host() == Setting.Host.LOCAL) {
      ports.crash();
    }
    replaceWorker();
  }

  private void replaceWorker() {
    worker.process().kill();
    if (setting.host() == Setting.Host.LOCAL) {
      dead.add(worker.id());
      ports.crash();
    }
    worker = hire();
  }

  /** Works until nothing is left to do, not even later. */
  public void settle() {
    workUntil(() -> false);
  }

  /** Works until something is so, or nothing is left to do. */
  public void workUntil(BooleanSupplier so) {
    while (!so.getAsBoolean()) {
      if (!step() && !passTime()) {
        return;
      }
    }
  }

  /** Moves the clock to when something is to be done; false where there is nothing. */
  public boolean passTime() {
    Instant now = clock.instant();
    Instant next = null;
    Optional<Instant> visible = ports.nextVisible();
    if (visible.isPresent()) {
      next = visible.get();
    }
    Optional<Instant> timer = firstTimer();
    if (timer.isPresent()) {
      Instant fires = timer.get().isAfter(nextTick) ? timer.get() : nextTick;
      nextTick = fires;
      next = next == null || fires.isBefore(next) ? fires : next;
    }
    if (next == null) {
      faults.settle();
      return ports.nextVisible().isPresent();
    }
    if (next.isAfter(now)) {
      clock.pass(Duration.between(now, next));
    }
    return true;
  }

  private Optional<Instant> firstTimer() {
    return rows("t").stream()
        .findFirst()
        .map(row -> row.sort().substring("due:".length(), "due:".length() + 10))
        .map(second -> Instant.ofEpochSecond(Long.parseLong(second)));
  }

  /** All rows as they are. */
  List<Row> rows() {
    return ports.rows();
  }

  /** The rows of a partition as they are. */
  List<Row> rows(String partition) {
    return rows().stream().filter(row -> row.partition().equals(partition)).toList();
  }

  public int steps() {
    return steps;
  }
}
