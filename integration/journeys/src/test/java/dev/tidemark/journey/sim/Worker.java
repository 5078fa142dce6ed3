package dev.tidemark.journey.sim;

import dev.tidemark.contract.fault.SimulatedProcess;
import dev.tidemark.core.blob.BlobStore;
import dev.tidemark.core.engine.StorageEngine;
import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.flow.Dispatcher;
import dev.tidemark.core.flow.FlowEvents;
import dev.tidemark.core.flow.Meters;
import dev.tidemark.core.flow.Platform;
import dev.tidemark.core.flow.Site;
import dev.tidemark.core.flow.Workers;
import dev.tidemark.core.memory.InMemoryCluster;
import dev.tidemark.core.memory.InMemoryEngine;
import dev.tidemark.core.notice.NoticeBus;
import dev.tidemark.core.queue.WorkQueue;
import dev.tidemark.core.state.StateTable;
import dev.tidemark.core.vault.Compression;
import dev.tidemark.core.vault.Vault;
import dev.tidemark.events.WorkItem;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/** A process: a dispatcher of its own over the ports that all share. */
public final class Worker {
  static final String VAULT = "main";

  private final String id;
  private final SimulatedProcess process;
  private final Ports.Client ports;
  private final Receiver receiver;
  private final Dispatcher dispatcher;
  private final List<String> failures = new ArrayList<>();

  Worker(World world, SimulatedProcess process, String id) {
    this(world, process, id, world.deployment);
  }

  Worker(World world, SimulatedProcess process, String id, String deployment) {
    this.id = id;
    this.process = process;
    this.ports = world.ports.client();
    this.receiver = process.wrap(Receiver.class, ports.receiver());
    this.dispatcher = new Dispatcher(platform(world, deployment));
  }

  Platform platform(World world, String deployment) {
    return new Platform(
        process.wrap(StateTable.class, ports.table()),
        process.wrap(WorkQueue.class, ports.queues()),
        new SimSite(world, process, ports.store()),
        new Staff(world, id),
        world.clock,
        world.ids,
        Meters.NONE,
        new Ears(failures),
        process.wrap(NoticeBus.class, world.notices),
        world.settings(),
        deployment,
        "0.1-sim",
        1);
  }

  public Dispatcher dispatcher() {
    return dispatcher;
  }

  Receiver receiver() {
    return receiver;
  }

  SimulatedProcess process() {
    return process;
  }

  String id() {
    return id;
  }

  void remember(RuntimeException failure) {
    failures.add(failure.toString());
  }

  public List<String> failures() {
    return failures;
  }

  private record Ears(List<String> failures) implements FlowEvents {
    @Override
    public void failed(WorkItem item, RuntimeException failure) {
      failures.add(item.kind().word() + ": " + failure);
    }

    @Override
    public void done(WorkItem item) {}

    @Override
    public void waits(WorkItem item, String why) {}
  }

  private record Staff(World world, String self) implements Workers {
    @Override
    public boolean gone(String worker) {
      return world.dead.contains(worker);
    }
  }

  private record SimSite(
      World world, SimulatedProcess process, BlobStore store, Map<String, StorageEngine> clients)
      implements Site {
    SimSite(World world, SimulatedProcess process, BlobStore store) {
      this(world, process, store, new ConcurrentHashMap<>());
    }

    @Override
    public String newest() {
      return "c0ffee";
    }

    @Override
    public StorageEngine engine(String config, String cluster) {
      return process.wrap(StorageEngine.class, client(cluster));
    }

    @Override
    public Vault vault(String config, String vault) {
      if (!vault.equals(VAULT)) {
        throw PermanentFailure.of(PermanentFailure.Kind.NOT_FOUND, "vault '" + vault + "'")
            .expected("one of " + VAULT)
            .found("no such vault");
      }
      return Vault.open(process.wrap(BlobStore.class, store));
    }

    @Override
    public Cluster cluster(String config, String cluster) {
      client(cluster);
      return new Cluster(cluster, "embedded", VAULT, world.width, Compression.BEST_SPEED, 8L << 20);
    }

    @Override
    public List<String> clusters(String config) {
      return List.copyOf(names());
    }

    private Set<String> names() {
      var names = new TreeSet<>(world.clusters.keySet());
      names.addAll(world.outside.keySet());
      return names;
    }

    private StorageEngine client(String cluster) {
      InMemoryCluster inside = world.clusters.get(cluster);
      if (inside != null) {
        return new InMemoryEngine(inside);
      }
      Supplier<StorageEngine> outside = world.outside.get(cluster);
      if (outside == null) {
        throw PermanentFailure.of(PermanentFailure.Kind.NOT_FOUND, "cluster '" + cluster + "'")
            .expected("one of " + names())
            .found("no such cluster");
      }
      return clients.computeIfAbsent(cluster, name -> outside.get());
    }
  }
}
