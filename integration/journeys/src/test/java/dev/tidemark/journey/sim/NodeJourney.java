package dev.tidemark.journey.sim;

import dev.tidemark.contract.fault.FaultPlan;
import dev.tidemark.contract.fault.Faults;
import dev.tidemark.contract.node.NodeCluster;
import dev.tidemark.core.flow.RestoreRequest;
import dev.tidemark.core.flow.RunView;
import dev.tidemark.core.flow.Status;
import dev.tidemark.journey.sim.Journey.Trip;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** What people do with Tidemark where the engine is two real nodes. */
enum NodeJourney {
  CREATE {
    @Override
    void go(Trip trip, Library library) {
      trip.backup("new");
      workBesideUsers(trip, library);
    }
  },
  INCREMENT {
    @Override
    void prepare(Trip trip, Library library) {
      sealAndChange(trip, library);
    }

    @Override
    void go(Trip trip, Library library) {
      trip.backup("new");
      workBesideUsers(trip, library);
    }
  },
  SNAPSHOTS_LOST {
    @Override
    void go(Trip trip, Library library) {
      trip.backup("new");
      trip.world().workUntil(() -> trip.status() != Status.STARTED);
      trip.work(5);
      library.loseSnapshots(trip.world().deployment);
      library.change("books", 1);
      library.change("papers", 1);
      trip.world().settle();
    }
  },
  CANCEL {
    @Override
    void prepare(Trip trip, Library library) {
      sealAndChange(trip, library);
    }

    @Override
    void go(Trip trip, Library library) {
      trip.backup("new");
      trip.world()
          .workUntil(() -> trip.status() == Status.TRANSFERRING || trip.status().terminal());
      trip.work(6);
      trip.operator().cancelIfPossible(trip.run());
      trip.world().settle();
    }
  },
  RESUME {
    @Override
    void go(Trip trip, Library library) {
      trip.breakAfter("Source.open", 2);
      trip.backup("new");
      trip.operator().end(trip.run());
      library.change("books", 1);
      trip.mend();
      trip.operator().resumeIfPossible(trip.run());
      trip.world().settle();
    }
  },
  RESTORE_IN_PLACE {
    @Override
    void prepare(Trip trip, Library library) {
      sealAndChange(trip, library);
    }

    @Override
    void go(Trip trip, Library library) {
      trip.restore(restore("base", "", true));
      trip.world().settle();
    }
  },
  RESTORE_BESIDE {
    @Override
    void prepare(Trip trip, Library library) {
      sealAndChange(trip, library);
    }

    @Override
    void go(Trip trip, Library library) {
      trip.restore(restore("base", "-copy", false));
      trip.world().settle();
    }
  },
  RESTORE_CANCELLED {
    @Override
    void prepare(Trip trip, Library library) {
      sealAndChange(trip, library);
    }

    @Override
    void go(Trip trip, Library library) {
      trip.restore(restore("base", "", true));
      trip.world()
          .workUntil(() -> trip.status() == Status.TRANSFERRING || trip.status().terminal());
      trip.work(5);
      trip.operator().cancelIfPossible(trip.run());
      trip.world().settle();
    }
  };

  private static final String CHECK = "-check";
  private static final AtomicInteger DEPLOYMENTS = new AtomicInteger();

  /** What came of a journey. */
  record Outcome(String status, List<String> findings) {}

  /** What stands before anything goes wrong. */
  void prepare(Trip trip, Library library) {}

  abstract void go(Trip trip, Library library);

  private static void sealAndChange(Trip trip, Library library) {
    trip.sealedBackup("base");
    library.change("books", 1);
    library.change("readers/acme", 1);
  }

  private static void workBesideUsers(Trip trip, Library library) {
    for (int version = 2; version < 5; version++) {
      trip.work(6);
      library.change("books", version);
      library.change("papers", version);
    }
    trip.world().settle();
  }

  private static RestoreRequest restore(String id, String suffix, boolean replace) {
    return new RestoreRequest(
        "c1", null, null, id, List.of(), List.of(), List.of(), Map.of(), Map.of(), suffix, "",
        replace);
  }

  /** Goes on the journey with faults by a plan, and audits what it leaves. */
  Outcome travel(NodeCluster nodes, Setting setting, FaultPlan plan, Consumer<Faults> seen) {
    Library library = Library.filled(nodes);
    var world = new World(setting);
    // Nodes remember the names of restores that were published.
    world.deployment = "sweep" + DEPLOYMENTS.incrementAndGet();
    world.cluster("c1", library::client).attack(FaultPlan.none());
    var trip = new Trip(world);
    Map<String, Map<String, String>> sealed = library.now();
    prepare(trip, library);
    Map<String, Map<String, String>> before = library.now();
    var auditor = new Auditor(world);
    Faults faults = world.attack(trip.and(plan));
    List<String> findings = new ArrayList<>();
    String status = "";
    try {
      go(trip, library);
      RunView end = trip.operator().settled(trip.run());
      status = end.status().toString();
      findings.addAll(auditor.findings());
      findings.addAll(library.findings(world.deployment));
      boolean replaced = trip.wish().filter(RestoreRequest::replace).isPresent();
      if (trip.wish().isPresent()) {
        findings.addAll(restored(end, trip.wish().get(), before, sealed, library));
      } else if (end.status() == Status.SUCCESS) {
        findings.addAll(restorable(trip, library));
      }
      if (!replaced && !library.hasTheUsersSnapshot()) {
        findings.add("the user's snapshot is gone");
      }
    } catch (RuntimeException | AssertionError e) {
      var trace = new StringWriter();
      e.printStackTrace(new PrintWriter(trace));
      findings.add(trace.toString());
    }
    if (!findings.isEmpty()) {
      findings.add("failures: " + world.worker().failures());
    }
    seen.accept(faults);
    return new Outcome(status, findings);
  }

  /** A restore shows all that was asked for, or nothing at all. */
  private static List<String> restored(
      RunView run,
      RestoreRequest wish,
      Map<String, Map<String, String>> before,
      Map<String, Map<String, String>> sealed,
      Library library) {
    var expected = new TreeMap<>(before);
    if (run.status() == Status.SUCCESS) {
      sealed.forEach((name, contents) -> expected.put(suffixed(name, wish.suffix()), contents));
    }
    List<String> wrong = new ArrayList<>();
    Map<String, Map<String, String>> now = library.now();
    if (!now.keySet().equals(expected.keySet())) {
      wrong.add(
          "after %s (%s) there are %s, not %s"
              .formatted(run.status(), run.error(), now.keySet(), expected.keySet()));
    }
    expected.forEach(
        (name, contents) -> {
          if (!contents.equals(now.get(name))) {
            wrong.add("after %s, %s is not what it has to be".formatted(run.status(), name));
          }
        });
    return wrong;
  }

  private static String suffixed(String name, String suffix) {
    int slash = name.indexOf('/');
    return slash < 0 ? name + suffix : name.substring(0, slash) + suffix + name.substring(slash);
  }

  /** A sealed backup is restored, and its contents are compared with all that ever was. */
  private static List<String> restorable(Trip trip, Library library) {
    World world = trip.world();
    world.attack(FaultPlan.none());
    String check = trip.operator().restore(restore("new", CHECK, false)).run();
    RunView end = trip.operator().settled(check);
    if (end.status() != Status.SUCCESS) {
      return List.of("the backup cannot be restored: " + end.error());
    }
    List<String> wrong = new ArrayList<>(library.findingsOfCopy(CHECK));
    library.drop(CHECK);
    wrong.addAll(library.findings(world.deployment));
    return wrong;
  }
}
