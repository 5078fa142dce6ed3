package dev.tidemark.journey.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.contract.fault.FaultPlan;
import dev.tidemark.core.flow.RestoreRequest;
import dev.tidemark.core.flow.RunView;
import dev.tidemark.core.flow.Status;
import dev.tidemark.core.memory.InMemoryCluster;
import dev.tidemark.journey.sim.Journey.Trip;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** A target that loses, in the middle of a restore, what was written to it. */
class LostTargetTest {
  private static final int MOST_STEPS = 400;

  private static final Setting SETTING =
      Setting.calm().with(Setting.Host.CLOUD).with(Setting.Size.CHUNKS).withCallsPerSlice(20);

  @Test
  void whateverIsLostOnceWhenItIsWrittenTheRestoreIsWhole() {
    atEachStep(
        InMemoryCluster::loseBegun,
        (trip, step) -> {
          RunView end = trip.operator().settled(trip.run());
          assertThat(end.status())
              .as("lost after step %d: %s", step, end)
              .isEqualTo(Status.SUCCESS);
        });
  }

  @Test
  void aRestoreThatTheClusterForgotFailsWithWhatToDoAndIsWholeOnceItIsResumed() {
    boolean[] resumed = {false};
    atEachStep(
        InMemoryCluster::loseRestores,
        (trip, step) -> {
          RunView end = trip.operator().end(trip.run());
          if (end.status() == Status.FAILED) {
            assertThat(end.error()).as("lost after step %d", step).contains("restore resume");
            resumed[0] = true;
            trip.operator().resume(trip.run());
            end = trip.operator().settled(trip.run());
          }
          assertThat(end.status())
              .as("lost after step %d: %s", step, end)
              .isEqualTo(Status.SUCCESS);
        });
    assertThat(resumed[0]).isTrue();
  }

  private interface End {
    void of(Trip trip, int step);
  }

  /** Until the restore begins to be shown, from when on nothing of this cluster is lost. */
  private static void atEachStep(Consumer<InMemoryCluster> loss, End end) {
    boolean over = false;
    for (int step = 1; !over; step += 3) {
      assertThat(step).isLessThan(MOST_STEPS);
      var world = new World(SETTING).cluster("c1");
      var trip = new Trip(world);
      trip.sealedBackup("all-base");
      var auditor = new Auditor(world);
      world.attack(FaultPlan.none());
      trip.restore(beside());
      trip.work(step);
      over = trip.status().terminal() || trip.status() == Status.FINALIZING;
      if (!over) {
        loss.accept(world.engine("c1"));
      }
      end.of(trip, step);
      world.settle();
      assertThat(auditor.findings()).isEmpty();
      assertThat(auditor.findingsOfRestore("SUCCESS", "c1", trip.wanted(beside()))).isEmpty();
      assertThat(world.engine("c1").holdings().nothing()).isTrue();
    }
  }

  private static RestoreRequest beside() {
    return new RestoreRequest(
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
        false);
  }
}
