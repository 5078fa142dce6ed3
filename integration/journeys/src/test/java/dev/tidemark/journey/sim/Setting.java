package dev.tidemark.journey.sim;

import java.time.Duration;

/**
 * The kind of world.
 *
 * @param seed of all chance
 * @param host how leases and messages of a dead process come back
 * @param nature whether table, queues and engine do everything that their contracts allow
 * @param slice the time of one invocation
 * @param perCall how much time a call of a port takes
 */
public record Setting(long seed, Host host, Nature nature, Duration slice, Duration perCall) {

  /** Where Tidemark runs. */
  public enum Host {
    /** A dead process is known to be dead: its leases and messages are free at once. */
    LOCAL,
    /** Nobody knows; leases end by time, and messages come back after their visibility. */
    CLOUD
  }

  /** The temper of the ports. */
  public enum Nature {
    KIND,
    MEAN
  }

  public static Setting calm() {
    return new Setting(1, Host.LOCAL, Nature.KIND, Duration.ofMinutes(1), Duration.ofMillis(1));
  }

  public Setting with(Host newHost) {
    return new Setting(seed, newHost, nature, slice, perCall);
  }

  public Setting with(Nature newNature) {
    return new Setting(seed, host, newNature, slice, perCall);
  }

  public Setting withSeed(long newSeed) {
    return new Setting(newSeed, host, nature, slice, perCall);
  }

  /** Slices of so many calls. */
  public Setting withCallsPerSlice(int calls) {
    Duration each = Duration.ofMillis(100);
    return new Setting(seed, host, nature, each.multipliedBy(calls), each);
  }
}
