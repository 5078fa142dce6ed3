package dev.tidemark.journey.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.contract.fault.Call;
import dev.tidemark.contract.fault.Fault;
import dev.tidemark.contract.fault.FaultPlan;
import dev.tidemark.contract.fault.NetworkFault;
import dev.tidemark.contract.fault.NetworkPlan;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * The crash sweep over the adapters of AWS, on MinIO, DynamoDB Local and ElasticMQ: a selection,
 * which follows from the seed and is printed. A call of a port fails or its caller dies, before or
 * after; calls go wrong by chance while others work; and the network itself goes wrong, so that
 * what was done is not answered.
 */
@Tag("aws")
@Execution(ExecutionMode.CONCURRENT)
class AwsSweepTest {
  private static final long SEED = 20261121;

  /** How many times the usual selection, each time another one. */
  private static final int TIMES = Integer.getInteger("sweep.aws", 1);

  /** What has not begun by then is left out, and told: a busy machine is no reason to be late. */
  private static final Duration LIMIT = Duration.ofMinutes(3).multipliedBy(TIMES);

  private static final LongAdder SCHEDULES = new LongAdder();
  private static final LongAdder LEFT_OUT = new LongAdder();
  private static final LongAdder INJECTED = new LongAdder();

  /** Faults at calls that were not made: a journey goes another way over other ports. */
  private static final LongAdder MISSED = new LongAdder();

  private static final Map<String, Integer> ENDS = new ConcurrentSkipListMap<>();
  private static final Map<String, Integer> NETWORK = new ConcurrentSkipListMap<>();

  @TempDir static Path folder = Path.of("/");
  private static @Nullable AwsServers started;
  private static long startNanos;

  @BeforeAll
  static void start() {
    started = AwsServers.start(folder.resolve("minio"));
    startNanos = System.nanoTime();
  }

  @AfterAll
  static void stop() {
    servers().close();
    System.out.printf(
        "crash sweep over AWS's adapters: %d schedules with %d faults of calls and %s of the"
            + " network, seed %d, ended %s; %d left out for lack of time%n",
        SCHEDULES.sum(), INJECTED.sum(), NETWORK, SEED, ENDS, LEFT_OUT.sum());
    assertThat(SCHEDULES.sum()).as("schedules").isPositive();
    assertThat(MISSED.sum()).as("faults that did not happen").isLessThan(1 + SCHEDULES.sum() / 5);
  }

  private static AwsServers servers() {
    return Objects.requireNonNull(started);
  }

  @TestFactory
  Stream<DynamicTest> oneFaultAtSomeCallsOfEachJourneyLeavesNothingAndLosesNothing() {
    return Stream.of(Journey.values()).map(journey -> each(journey, AwsSweepTest::oneFault));
  }

  @TestFactory
  Stream<DynamicTest> faultsByChanceLeaveNothingAndLoseNothing() {
    return Stream.of(Journey.CREATE, Journey.INCREMENT, Journey.RESUME, Journey.RESTORE_BESIDE)
        .map(journey -> each(journey, AwsSweepTest::byChance));
  }

  @TestFactory
  Stream<DynamicTest> aBadNetworkLeavesNothingAndLosesNothing() {
    return Stream.of(Journey.CREATE, Journey.INCREMENT_OF_BINS, Journey.RESTORE_IN_PLACE)
        .map(journey -> each(journey, AwsSweepTest::badNetwork));
  }

  private interface Trial {
    List<String> of(Journey journey, SplittableRandom chance);
  }

  private static DynamicTest each(Journey journey, Trial trial) {
    return DynamicTest.dynamicTest(
        journey.toString(),
        () -> {
          List<String> findings = new ArrayList<>();
          var chance = new SplittableRandom(SEED + journey.name().hashCode());
          for (int i = 0; i < TIMES; i++) {
            findings.addAll(trial.of(journey, chance));
          }
          assertThat(findings).isEmpty();
        });
  }

  /** A fault in each half of the journey, as it goes over ports in memory. */
  private static List<String> oneFault(Journey journey, SplittableRandom chance) {
    Setting setting =
        Setting.calm()
            .with(Setting.Host.CLOUD)
            .withCallsPerSlice(journey.ordinal() % 2 == 0 ? 1_000 : 25);
    List<Call> calls = new ArrayList<>();
    journey.travel(setting, FaultPlan.none(), faults -> calls.addAll(faults.calls()));
    calls.removeIf(call -> call.port().equals("Listing"));
    calls.removeIf(call -> CrashSweepTest.ALIKE.contains(call.name()) && chance.nextInt(8) > 0);
    List<String> findings = new ArrayList<>();
    for (int half = 0; half < 2; half++) {
      Call call = calls.get((int) ((half + chance.nextDouble()) / 2 * calls.size()));
      Fault fault = CrashSweepTest.FAULTS.get(chance.nextInt(CrashSweepTest.FAULTS.size()));
      var plan = FaultPlan.at(call.name(), call.number(), fault);
      findings.addAll(travel(journey, setting, plan, NetworkPlan.none()));
    }
    return findings;
  }

  private static List<String> byChance(Journey journey, SplittableRandom chance) {
    long seed = chance.nextLong(1L << 32);
    Setting setting =
        Setting.calm()
            .withSeed(seed)
            .with(Setting.Host.CLOUD)
            .with(Setting.Nature.MEAN)
            .withCallsPerSlice(60);
    var plan = FaultPlan.seeded(seed, 60, CrashSweepTest.BY_CHANCE);
    return travel(journey, setting, plan, NetworkPlan.none());
  }

  private static List<String> badNetwork(Journey journey, SplittableRandom chance) {
    long seed = chance.nextLong(1L << 32);
    Setting setting = Setting.calm().withSeed(seed).with(Setting.Host.CLOUD).withCallsPerSlice(200);
    var plan = NetworkPlan.storms(seed, 60, 14, NetworkFault.QUICK);
    return travel(journey, setting, FaultPlan.none(), plan);
  }

  private static List<String> travel(
      Journey journey, Setting setting, FaultPlan plan, NetworkPlan network) {
    long start = System.nanoTime();
    if (start - startNanos > LIMIT.toNanos()) {
      LEFT_OUT.increment();
      return List.of();
    }
    SCHEDULES.increment();
    var injected = new LongAdder();
    var opened = new AtomicReference<@Nullable AwsPorts>();
    Journey.Outcome outcome =
        journey.travel(
            setting,
            (same, clock, interlude) -> {
              AwsPorts ports = servers().ports(same, clock);
              opened.set(ports);
              return ports;
            },
            with(plan, () -> Objects.requireNonNull(opened.get()).network(network)),
            faults -> injected.add(faults.injected().size()));
    INJECTED.add(injected.sum());
    boolean meant = !plan.toString().equals(FaultPlan.none().toString());
    MISSED.add(meant && injected.sum() == 0 ? 1 : 0);
    try (AwsPorts ports = Objects.requireNonNull(opened.get())) {
      ports.injected().forEach((fault, n) -> NETWORK.merge(fault, n, Integer::sum));
      ENDS.merge(outcome.status(), 1, Integer::sum);
      String told = "%s, %s, %s, network %s".formatted(journey, setting, plan, ports.injected());
      System.out.printf(
          "%s: %s, %.1f s%n", told, outcome.status(), (System.nanoTime() - start) / 1e9);
      return outcome.findings().isEmpty()
          ? List.of()
          : List.of(
              "%s: %s%n  %s%n  failures: %s"
                  .formatted(
                      told,
                      outcome.status(),
                      String.join("\n  ", outcome.findings()),
                      outcome.trip().world().worker().failures()));
    }
  }

  /** The plan begins when the journey does, after its preparation; so does something else. */
  private static FaultPlan with(FaultPlan plan, Runnable beginning) {
    return new FaultPlan() {
      private boolean begun;

      @Override
      public synchronized Optional<Fault> faultOf(Call call) {
        if (!begun) {
          begun = true;
          beginning.run();
        }
        return plan.faultOf(call);
      }

      @Override
      public String toString() {
        return plan.toString();
      }
    };
  }
}
