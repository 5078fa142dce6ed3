package dev.tidemark.journey.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.contract.fault.Call;
import dev.tidemark.contract.fault.Fault;
import dev.tidemark.contract.fault.FaultPlan;
import dev.tidemark.contract.node.NodeCluster;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * The crash sweep over a real engine: two node processes, whose clients fail or die at call 1, 2, 3
 * … Replies are lost on this side; the nodes themselves go on.
 */
class NodeSweepTest {
  private static final long SEED = 20261121;

  /** Of each journey, unless {@code -Dsweep.nodes} says more: there are some hundreds of calls. */
  private static final int MORE = Integer.getInteger("sweep.nodes", 12);

  private static final List<Fault> FAULTS =
      List.of(Fault.crashAfter(), Fault.failAfter(), Fault.crashBefore(), Fault.failBefore());

  private static final Set<String> ENGINE =
      Set.of("Catalog", "Source", "Target", "UnitReader", "Content", "UnitWriter");

  @TempDir static Path folder = Path.of("/");
  private static @Nullable NodeCluster started;
  private static int schedules;
  private static int injected;
  private static final Map<String, Integer> ENDS = new TreeMap<>();

  @BeforeAll
  static void start() {
    started = NodeCluster.start(folder, Library.NODES);
  }

  @AfterAll
  static void stop() {
    nodes().close();
    System.out.printf(
        "crash sweep over nodes: %d schedules with %d faults, seed %d, ended %s%n",
        schedules, injected, SEED, ENDS);
  }

  private static NodeCluster nodes() {
    return Objects.requireNonNull(started);
  }

  @TestFactory
  Stream<DynamicTest> oneFaultAtSomeCallsLeavesNothingAndLosesNothing() {
    return Stream.of(
            NodeJourney.INCREMENT, NodeJourney.SNAPSHOTS_LOST, NodeJourney.RESTORE_IN_PLACE)
        .map(journey -> DynamicTest.dynamicTest(journey.toString(), () -> some(journey, 1)));
  }

  @Tag("slow")
  @TestFactory
  Stream<DynamicTest> oneFaultAtMoreCallsLeavesNothingAndLosesNothing() {
    return Stream.of(NodeJourney.values())
        .map(journey -> DynamicTest.dynamicTest(journey.toString(), () -> some(journey, MORE)));
  }

  /** So many calls of the engine, all where there are no more, each with one of the faults. */
  private static void some(NodeJourney journey, int most) {
    Setting setting = settings().get(journey.ordinal() % settings().size());
    List<Call> calls = callsOf(journey, setting);
    Collections.shuffle(calls, new Random(SEED + journey.ordinal()));
    List<FaultPlan> plans = new ArrayList<>();
    for (Call call : calls.subList(0, Math.min(most, calls.size()))) {
      Fault fault = FAULTS.get(plans.size() % FAULTS.size());
      plans.add(FaultPlan.at(call.name(), call.number(), fault));
    }
    sweep(journey, setting, plans);
  }

  private static List<Setting> settings() {
    return List.of(
        Setting.calm().with(Setting.Host.LOCAL).withCallsPerSlice(1_000),
        Setting.calm().with(Setting.Host.CLOUD).withCallsPerSlice(25));
  }

  private static List<Call> callsOf(NodeJourney journey, Setting setting) {
    List<Call> calls = new ArrayList<>();
    NodeJourney.Outcome calm =
        journey.travel(nodes(), setting, FaultPlan.none(), faults -> calls.addAll(faults.calls()));
    assertThat(calm.findings()).as("%s without faults", journey).isEmpty();
    calls.removeIf(call -> !ENGINE.contains(call.port()));
    return calls;
  }

  private static void sweep(NodeJourney journey, Setting setting, List<FaultPlan> plans) {
    List<String> findings = new ArrayList<>();
    for (FaultPlan plan : plans) {
      schedules++;
      NodeJourney.Outcome outcome =
          journey.travel(nodes(), setting, plan, faults -> injected += faults.injected().size());
      ENDS.merge(outcome.status(), 1, Integer::sum);
      if (!outcome.findings().isEmpty() && findings.size() < 3) {
        findings.add(
            "%s, %s, %s: %s%n  %s"
                .formatted(
                    journey,
                    setting,
                    plan,
                    outcome.status(),
                    String.join("\n  ", outcome.findings())));
      }
    }
    assertThat(findings).isEmpty();
  }
}
