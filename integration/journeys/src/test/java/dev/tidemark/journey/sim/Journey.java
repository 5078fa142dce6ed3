package dev.tidemark.journey.sim;

import dev.tidemark.contract.fault.Fault;
import dev.tidemark.contract.fault.FaultPlan;
import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.flow.Accepted;
import dev.tidemark.core.flow.RestoreRequest;
import dev.tidemark.core.flow.RunView;
import dev.tidemark.core.flow.Status;
import dev.tidemark.core.flow.VerifyRequest;
import dev.tidemark.core.verify.Report;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/** Something that people do with Tidemark, from a request until there is nothing left to do. */
public enum Journey {
  CREATE {
    @Override
    void go(Trip trip) {
      trip.backup("all-new");
      trip.workBesideUsers();
    }
  },
  INCREMENT {
    @Override
    void prepare(Trip trip) {
      trip.sealedBackup("all-base");
      trip.change(1, "alpha/s1", "beta");
    }

    @Override
    void go(Trip trip) {
      trip.backup("all-new");
      trip.workBesideUsers();
    }
  },
  INCREMENT_OF_BINS {
    @Override
    void prepare(Trip trip) {
      trip.world().shards("c1").tenants(0, 9);
      trip.sealedBackup("base");
      trip.world().shards("c1").tenants(9, 10);
      trip.change(1, "delta/t1");
      trip.world().shards("c1").grow(new Shards.Name("delta", "t2"));
      trip.world().engine("c1").shard("delta", "t3", "n2");
      trip.world().shards("c1").drop(new Shards.Name("delta", "t4"));
    }

    @Override
    void go(Trip trip) {
      trip.backup("all-new");
      trip.workBesideUsers();
    }
  },
  INCREMENT_WHILE_SHARDS_ARE_DROPPED {
    @Override
    void prepare(Trip trip) {
      trip.world().shards("c1").tenants(0, 9);
      trip.sealedBackup("all-base");
      trip.change(1, "delta/t1", "beta");
    }

    @Override
    void go(Trip trip) {
      trip.backup("new");
      trip.world()
          .workUntil(() -> trip.status() == Status.TRANSFERRING || trip.status().terminal());
      for (String tenant : List.of("t1", "t4", "t7")) {
        trip.world().shards("c1").drop(new Shards.Name("delta", tenant));
      }
      trip.work(3);
      trip.world().shards("c1").drop(new Shards.Name("beta", ""));
      trip.workBesideUsers();
    }
  },
  CANCEL_STARTED {
    @Override
    void go(Trip trip) {
      trip.cancelOnce(Status.STARTED, 0);
    }
  },
  CANCEL_PLANNED {
    @Override
    void go(Trip trip) {
      trip.cancelOnce(Status.TRANSFERRING, 0);
    }
  },
  CANCEL_IN_THE_MIDDLE {
    @Override
    void prepare(Trip trip) {
      trip.sealedBackup("all-base");
      trip.change(1, "alpha/s2");
    }

    @Override
    void go(Trip trip) {
      trip.cancelOnce(Status.TRANSFERRING, 8);
    }
  },
  CANCEL_TRANSFERRED {
    @Override
    void go(Trip trip) {
      trip.cancelOnce(Status.TRANSFERRED, 0);
    }
  },
  CANCEL_TOO_LATE {
    @Override
    void go(Trip trip) {
      trip.cancelOnce(Status.FINALIZING, 0);
    }
  },
  RESUME {
    @Override
    void prepare(Trip trip) {
      trip.sealedBackup("all-base");
      trip.change(1, "alpha/s1", "alpha/s3");
    }

    @Override
    void go(Trip trip) {
      trip.breakAfter("Source.open", 2);
      trip.backup("all-new");
      trip.operator().end(trip.run());
      trip.mend();
      trip.operator().resumeIfPossible(trip.run());
      trip.world().settle();
    }
  },
  FAIL_FOR_GOOD {
    @Override
    void go(Trip trip) {
      trip.breakAfter("Source.open", 2);
      trip.backup("all-new");
      trip.world().settle();
    }
  },
  RESTORE_IN_PLACE {
    @Override
    void prepare(Trip trip) {
      trip.sealedBackup("all-base");
      trip.change(1, "alpha/s1", "beta");
    }

    @Override
    void go(Trip trip) {
      var plain = RestoreRequest.of("c1", "all-base");
      trip.restore(
          new RestoreRequest(
              plain.cluster(),
              null,
              null,
              plain.backupId(),
              List.of(),
              List.of(),
              List.of(),
              Map.of(),
              Map.of(),
              "",
              "",
              true));
      trip.world().settle();
    }
  },
  RESTORE_BESIDE {
    @Override
    void prepare(Trip trip) {
      trip.sealedBackup("all-base");
      trip.change(1, "alpha/s1", "beta");
    }

    @Override
    void go(Trip trip) {
      trip.restore(
          new RestoreRequest(
              "c1",
              null,
              null,
              "all-base",
              List.of("alpha", "gamma"),
              List.of(),
              List.of(),
              Map.of("alpha", "omega"),
              Map.of(),
              "-copy",
              "",
              false));
      trip.world().settle();
    }
  },
  RESTORE_OUT_OF_BINS {
    @Override
    void prepare(Trip trip) {
      trip.world().shards("c1").tenants(0, 9);
      trip.sealedBackup("all-base");
      trip.change(1, "delta/t1");
    }

    @Override
    void go(Trip trip) {
      trip.restore(
          new RestoreRequest(
              "c1",
              null,
              null,
              "all-base",
              List.of("delta/t1", "delta/t5", "beta"),
              List.of(),
              List.of(),
              Map.of("delta", "epsilon"),
              Map.of(),
              "-copy",
              "",
              false));
      trip.world().settle();
    }
  },
  RESTORE_CANCELLED {
    @Override
    void prepare(Trip trip) {
      trip.sealedBackup("all-base");
      trip.change(1, "alpha/s1", "beta");
    }

    @Override
    void go(Trip trip) {
      trip.restore(
          new RestoreRequest(
              "c1",
              null,
              null,
              "all-base",
              List.of(),
              List.of(),
              List.of(),
              Map.of(),
              Map.of(),
              "-copy",
              "",
              false));
      trip.world().workUntil(() -> trip.status() == Status.TRANSFERRING);
      trip.work(6);
      trip.operator().cancelIfPossible(trip.run());
      trip.world().settle();
    }
  },
  VERIFY {
    @Override
    void prepare(Trip trip) {
      trip.sealedBackup("all-base");
    }

    @Override
    void go(Trip trip) {
      trip.verify("all-base");
      trip.world().settle();
    }
  },
  VERIFY_BESIDE_A_BACKUP_CANCELLED {
    @Override
    void prepare(Trip trip) {
      trip.sealedBackup("all-base");
      trip.change(1, "alpha/s1", "beta");
    }

    @Override
    void go(Trip trip) {
      trip.operator().backup("c1", "all-new");
      trip.verify("all-base");
      trip.world().workUntil(() -> trip.status() == Status.TRANSFERRING);
      trip.work(2);
      trip.operator().cancelIfPossible(trip.run());
      trip.world().settle();
    }
  };

  /** What stands before anything goes wrong. */
  void prepare(Trip trip) {}

  abstract void go(Trip trip);

  /** A journey in a world. */
  static final class Trip {
    private final World world;
    private final Operator operator;
    private String run = "";
    private @org.jspecify.annotations.Nullable RestoreRequest restore;
    private String broken = "";
    private int after;

    Trip(World world) {
      this.world = world;
      this.operator = new Operator(world);
    }

    World world() {
      return world;
    }

    Operator operator() {
      return operator;
    }

    String run() {
      return run;
    }

    Optional<RestoreRequest> wish() {
      return Optional.ofNullable(restore);
    }

    Status status() {
      return operator.run(run).status();
    }

    /** The faults of the journey itself, beside those of a plan. */
    FaultPlan and(FaultPlan plan) {
      return new FaultPlan() {
        @Override
        public Optional<Fault> faultOf(dev.tidemark.contract.fault.Call call) {
          Optional<Fault> fault = plan.faultOf(call);
          return fault.isEmpty() && call.name().equals(broken) && call.number() > after
              ? Optional.of(Fault.refuse())
              : fault;
        }

        @Override
        public String toString() {
          return plan.toString();
        }
      };
    }

    void breakAfter(String call, int times) {
      broken = call;
      after = times;
    }

    void mend() {
      broken = "";
    }

    void backup(String id) {
      Accepted accepted = operator.backup("c1", id);
      run = accepted.run();
    }

    void restore(RestoreRequest request) {
      restore = request;
      try {
        run = operator.restore(request).run();
      } catch (PermanentFailure e) {
        // The reply to an earlier try was lost, and the run that holds the cluster is ours.
        run =
            operator.runs("c1").stream()
                .filter(each -> each.kind().equals("restore"))
                .findFirst()
                .orElseThrow(() -> e)
                .id();
      }
    }

    void verify(String id) {
      run = operator.verify(request(id)).run();
    }

    private VerifyRequest request(String id) {
      return new VerifyRequest("c1", clusterIdOf(id), "main", id, 100);
    }

    /** What a verification must not say of a sound backup. */
    List<String> findingsOfVerification() {
      RunView view = operator.run(run);
      Report report = view.report();
      if (report == null || !report.sound()) {
        return List.of("a verification of what is sound found " + report);
      }
      boolean all = view.done() == view.units() && report.bytesRead() > 0;
      return view.status() == Status.SUCCESS && !all
          ? List.of("a verification succeeded after %d units: %s".formatted(view.done(), report))
          : List.of();
    }

    void sealedBackup(String id) {
      String base = operator.backup("c1", id).run();
      if (operator.settled(base).status() != Status.SUCCESS) {
        throw new AssertionError("the preparation failed: " + operator.run(base));
      }
      world.pause(Duration.ofMinutes(5));
    }

    void change(int generation, String... names) {
      for (Shards.Name name : world.shards("c1").names()) {
        if (List.of(names).contains(name.toString())) {
          world.shards("c1").change(name, generation);
        }
      }
      world.pause(Duration.ofMinutes(5));
    }

    /** Works on while users change whole shards at moments of their own. */
    void workBesideUsers() {
      int generation = 2;
      for (int step = 0; step < 60; step++) {
        if (step % 4 == 1) {
          Shards.Name name = new Shards.Name("alpha", "s" + (1 + step / 4 % 3));
          world.shards("c1").change(name, generation++);
        }
        work(1);
      }
      world.settle();
    }

    void work(int steps) {
      for (int i = 0; i < steps; i++) {
        if (!world.step()) {
          world.passTime();
        }
      }
    }

    void cancelOnce(Status status, int steps) {
      backup("all-new");
      world.workUntil(() -> status() == status || status().terminal());
      work(steps);
      operator.cancelIfPossible(run);
      world.settle();
    }

    /** What the target must hold after a restore that succeeded. */
    Map<Shards.Name, Map<String, String>> wanted(RestoreRequest request) {
      Map<Shards.Name, Map<String, String>> wanted = new TreeMap<>();
      String clusterId = clusterIdOf(request.backupId());
      new VaultContents(world.store)
          .read(clusterId, request.backupId())
          .forEach(
              (name, files) -> {
                if (request.include().isEmpty()
                    || request.include().contains(name.collection())
                    || request.include().contains(name.toString())) {
                  String to =
                      request.rename().getOrDefault(name.collection(), name.collection())
                          + request.suffix();
                  wanted.put(new Shards.Name(to, name.shard()), files);
                }
              });
      return wanted;
    }

    private String clusterIdOf(String backupId) {
      return world.rows().stream()
          .filter(row -> row.sort().equals("backup:main:" + backupId))
          .map(row -> Auditor.text(Auditor.body(row).path("summary"), "clusterId"))
          .findFirst()
          .orElseThrow();
    }
  }

  /** What came of a journey. */
  record Outcome(String status, List<String> findings, Trip trip) {}

  /** Goes on the journey with faults by a plan, and audits what it leaves. */
  Outcome travel(
      Setting setting, FaultPlan plan, Consumer<dev.tidemark.contract.fault.Faults> seen) {
    return travel(setting, InMemoryPorts::new, plan, seen);
  }

  /** The same over other ports. */
  Outcome travel(
      Setting setting,
      Ports.Source ports,
      FaultPlan plan,
      Consumer<dev.tidemark.contract.fault.Faults> seen) {
    var world = new World(setting, ports).cluster("c1");
    world.engine("c1").userSnapshot("mine", "alpha", "s1");
    var trip = new Trip(world);
    prepare(trip);
    var auditor = new Auditor(world);
    var faults = world.attack(trip.and(plan));
    List<String> findings = new ArrayList<>();
    String status = "";
    try {
      go(trip);
      world.settle();
      status = trip.status().toString();
      findings.addAll(auditor.findings());
      if (name().startsWith("VERIFY")) {
        findings.addAll(trip.findingsOfVerification());
      }
      if (trip.wish().isPresent()) {
        RestoreRequest wish = trip.wish().get();
        findings.addAll(auditor.findingsOfRestore(status, wish.cluster(), trip.wanted(wish)));
      }
    } catch (RuntimeException | AssertionError e) {
      var trace = new java.io.StringWriter();
      e.printStackTrace(new java.io.PrintWriter(trace));
      findings.add(trace.toString());
    }
    seen.accept(faults);
    return new Outcome(status, findings, trip);
  }
}
