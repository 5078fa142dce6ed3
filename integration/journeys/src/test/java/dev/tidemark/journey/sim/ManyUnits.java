package dev.tidemark.journey.sim;

import dev.tidemark.core.flow.BinSettings;
import dev.tidemark.core.flow.FlowSettings;
import dev.tidemark.core.flow.Status;
import java.time.Duration;

/** A cluster of a great many small units. */
public final class ManyUnits {
  private ManyUnits() {}

  /** How long two backups took. */
  public record Seconds(double first, double unchanged) {}

  /** Backs a cluster up twice; nothing changes between. */
  public static Seconds backUp(int units) {
    var world = new World(Setting.calm());
    var cluster = world.bareCluster("c1");
    for (int i = 0; i < units; i++) {
      cluster.shard("docs", "s" + i, "n" + i % 4);
      cluster.write("docs", "s" + i, "segment", new byte[] {1, 2, 3});
    }
    world.with(FlowSettings.DEFAULT.withBins(BinSettings.NONE));
    world.width = 8;
    world.unhurried();
    var operator = new Operator(world);
    return new Seconds(timed(world, operator, "base"), timed(world, operator, "again"));
  }

  private static double timed(World world, Operator operator, String id) {
    world.pause(Duration.ofMinutes(5));
    long start = System.nanoTime();
    var run = operator.settled(operator.backup("c1", id).run());
    double seconds = (System.nanoTime() - start) / 1e9;
    if (run.status() != Status.SUCCESS) {
      throw new IllegalStateException(run.toString());
    }
    return seconds;
  }
}
