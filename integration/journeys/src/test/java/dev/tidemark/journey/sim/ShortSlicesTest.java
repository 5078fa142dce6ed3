package dev.tidemark.journey.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.contract.fault.FaultPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Slices that are over after a few calls: every step gets on, however little it may do at once. */
class ShortSlicesTest {

  @TestFactory
  Stream<DynamicTest> everyJourneyEndsHoweverShortTheSlices() {
    return Stream.of(Journey.values())
        .map(journey -> DynamicTest.dynamicTest(journey.toString(), () -> travel(journey)));
  }

  private static void travel(Journey journey) {
    List<String> findings = new ArrayList<>();
    for (int calls : new int[] {1, 2, 5, 14}) {
      for (Setting.Size size : Setting.Size.values()) {
        Setting setting = Setting.calm().with(size).withCallsPerSlice(calls);
        Journey.Outcome outcome = journey.travel(setting, FaultPlan.none(), faults -> {});
        outcome
            .findings()
            .forEach(each -> findings.add("%d calls, %s: %s".formatted(calls, size, each)));
      }
    }
    assertThat(findings).isEmpty();
  }
}
