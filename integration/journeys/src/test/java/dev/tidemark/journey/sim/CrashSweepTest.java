package dev.tidemark.journey.sim;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemark.contract.fault.Call;
import dev.tidemark.contract.fault.Fault;
import dev.tidemark.contract.fault.Fault.When;
import dev.tidemark.contract.fault.FaultPlan;
import dev.tidemark.core.state.Row;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * Every journey with a fault at call 1, 2, 3 … of every port, before and after the call; and with
 * faults by chance where ports are mean and others work at the same time. After each the auditor
 * must have nothing to say.
 */
@Execution(ExecutionMode.CONCURRENT)
class CrashSweepTest {
  private static final long SEED = 20260101;
  static final List<Fault> FAULTS =
      List.of(Fault.crashBefore(), Fault.crashAfter(), Fault.failBefore(), Fault.failAfter());

  /** What a crash of the caller leaves is the same whichever of these calls it was. */
  static final Set<String> ALIKE =
      Set.of(
          "Content.read",
          "UnitReader.open",
          "UnitWriter.end",
          "UnitWriter.write",
          "UnitWriter.written",
          "StateTable.get",
          "BlobStore.read");

  static final List<Fault> BY_CHANCE =
      List.of(
          Fault.crashBefore(),
          Fault.crashAfter(),
          Fault.failBefore(),
          Fault.failAfter(),
          new Fault.Duplicate(0),
          new Fault.Duplicate(40),
          new Fault.Slow(When.BEFORE, Duration.ofSeconds(30)),
          new Fault.Slow(When.AFTER, Duration.ofSeconds(30)),
          new Fault.Slow(When.BEFORE, Duration.ofMinutes(20)),
          new Fault.Torn(Duration.ofSeconds(2)));

  private static final LongAdder SCHEDULES = new LongAdder();
  private static final LongAdder INJECTED = new LongAdder();
  private static final Map<String, Integer> ENDS = new ConcurrentSkipListMap<>();

  @TestFactory
  Stream<DynamicTest> oneFaultAtAnyCallLeavesNothingAndLosesNothing() {
    return sweep(44);
  }

  @TestFactory
  Stream<DynamicTest> oneFaultWhereSlicesEndInTheMiddleOfAFileLeavesNothingAndLosesNothing() {
    return inTheMiddleOfFiles(3);
  }

  @Tag("slow")
  @TestFactory
  Stream<DynamicTest> moreFaultsWhereSlicesEndInTheMiddleOfAFileLeaveNothingAndLoseNothing() {
    return inTheMiddleOfFiles(60);
  }

  @Tag("slow")
  @TestFactory
  Stream<DynamicTest> oneFaultAtEveryCallLeavesNothingAndLosesNothing() {
    return sweep(6);
  }

  @TestFactory
  Stream<DynamicTest> manyFaultsAndManyWorkersLeaveNothingAndLoseNothing() {
    return Stream.of(Journey.values()).map(journey -> byChance(journey, 45));
  }

  @Tag("slow")
  @TestFactory
  Stream<DynamicTest> moreFaultsAndMoreWorkersLeaveNothingAndLoseNothing() {
    return Stream.of(Journey.values()).map(journey -> byChance(journey, 500));
  }

  @AfterAll
  static void tellHowMany() {
    System.out.printf(
        "crash sweep: %d schedules with %d faults, seed %d, ended %s%n",
        SCHEDULES.sum(), INJECTED.sum(), SEED, ENDS);
  }

  private static Stream<DynamicTest> sweep(int oneIn) {
    return Stream.of(Journey.values())
        .flatMap(
            journey ->
                Stream.of(Setting.Host.values())
                    .map(
                        host ->
                            DynamicTest.dynamicTest(
                                journey + " on " + host, () -> sweep(journey, host, oneIn))));
  }

  private static void sweep(Journey journey, Setting.Host host, int oneIn) {
    var chance = new SplittableRandom(SEED + journey.name().hashCode());
    List<String> findings = new ArrayList<>();
    for (int callsPerSlice : List.of(1_000, 25)) {
      Setting setting = Setting.calm().with(host).withCallsPerSlice(callsPerSlice);
      List<Call> calls = new ArrayList<>();
      Journey.Outcome calm =
          journey.travel(setting, FaultPlan.none(), faults -> calls.addAll(faults.calls()));
      assertThat(calm.findings()).as("%s without faults", journey).isEmpty();
      calls.removeIf(call -> call.port().equals("Listing"));
      FaultPlan.sweep(calls, FAULTS)
          .filter(plan -> chance.nextInt(isAlike(plan) ? 4 * oneIn : oneIn) == 0)
          .forEach(plan -> travel(journey, setting, plan, findings));
    }
    assertThat(findings).isEmpty();
  }

  private static Stream<DynamicTest> inTheMiddleOfFiles(int most) {
    return Stream.of(Journey.CREATE, Journey.INCREMENT, Journey.RESUME, Journey.RESTORE_IN_PLACE)
        .map(
            journey ->
                DynamicTest.dynamicTest(journey.toString(), () -> inTheMiddle(journey, most)));
  }

  /** So many calls, each with one of the faults. */
  private static void inTheMiddle(Journey journey, int most) {
    var chance = new SplittableRandom(SEED - journey.ordinal());
    Setting setting =
        Setting.calm()
            .with(journey.ordinal() % 2 == 0 ? Setting.Host.LOCAL : Setting.Host.CLOUD)
            .withCallsPerSlice(25)
            .with(Setting.Size.CHUNKS);
    List<Call> calls = new ArrayList<>();
    Journey.Outcome calm =
        journey.travel(setting, FaultPlan.none(), faults -> calls.addAll(faults.calls()));
    assertThat(calm.findings()).as("%s without faults", journey).isEmpty();
    assertThat(filesInTheMiddleOfWhichAPartEnds(calm.trip().world())).isPositive();
    calls.removeIf(call -> call.port().equals("Listing"));
    List<String> findings = new ArrayList<>();
    for (int i = 0; i < most; i++) {
      Call call = calls.get(chance.nextInt(calls.size()));
      Fault fault = FAULTS.get(i % FAULTS.size());
      travel(journey, setting, FaultPlan.at(call.name(), call.number(), fault), findings);
    }
    assertThat(findings).isEmpty();
  }

  private static int filesInTheMiddleOfWhichAPartEnds(World world) {
    var contents = new VaultContents(world.store);
    for (Row row : world.rows("c:c1")) {
      if (row.sort().startsWith("backup:")) {
        JsonNode summary = Auditor.body(row).path("summary");
        contents.read(Auditor.text(summary, "clusterId"), Auditor.text(summary, "backupId"));
      }
    }
    return contents.unfinished();
  }

  private static boolean isAlike(FaultPlan plan) {
    return ALIKE.stream().anyMatch(name -> plan.toString().contains(" at " + name + " "));
  }

  private static DynamicTest byChance(Journey journey, int seeds) {
    return DynamicTest.dynamicTest(
        journey + " with " + seeds + " seeds",
        () -> {
          List<String> findings = new ArrayList<>();
          for (int i = 0; i < seeds; i++) {
            long seed = SEED + 1_000L * journey.name().hashCode() + i;
            Setting.Host host = i % 2 == 0 ? Setting.Host.LOCAL : Setting.Host.CLOUD;
            Setting setting =
                Setting.calm()
                    .withSeed(seed)
                    .with(host)
                    .with(Setting.Nature.MEAN)
                    .withCallsPerSlice(List.of(1_000, 60, 25).get(i % 3));
            travel(journey, setting, FaultPlan.seeded(seed, 40 + i % 80, BY_CHANCE), findings);
          }
          assertThat(findings).isEmpty();
        });
  }

  private static void travel(
      Journey journey, Setting setting, FaultPlan plan, List<String> findings) {
    SCHEDULES.increment();
    Journey.Outcome outcome =
        journey.travel(setting, plan, faults -> INJECTED.add(faults.injected().size()));
    ENDS.merge(outcome.status(), 1, Integer::sum);
    if (!outcome.findings().isEmpty() && findings.size() < 3) {
      findings.add(
          "%s, %s, %s: %s%n  %s%n  failures: %s"
              .formatted(
                  journey,
                  setting,
                  plan,
                  outcome.status(),
                  String.join("\n  ", outcome.findings()),
                  outcome.trip().world().worker().failures()));
    }
  }
}
