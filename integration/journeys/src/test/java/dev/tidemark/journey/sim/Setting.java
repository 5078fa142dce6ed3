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
 * @param size of the largest files
 */
public record Setting(
    long seed, Host host, Nature nature, Duration slice, Duration perCall, Size size) {

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

  /** The largest files. */
  public enum Size {
    /** A unit is one piece of work, whatever the slice. */
    SMALL,
    /** One unit has files of more than one chunk, so that slices end in the middle of a file. */
    CHUNKS
  }

  public static Setting calm() {
    return new Setting(
        1, Host.LOCAL, Nature.KIND, Duration.ofMinutes(1), Duration.ofMillis(1), Size.SMALL);
  }

  public Setting with(Host newHost) {
    return new Setting(seed, newHost, nature, slice, perCall, size);
  }

  public Setting with(Nature newNature) {
    return new Setting(seed, host, newNature, slice, perCall, size);
  }

  public Setting withSeed(long newSeed) {
    return new Setting(newSeed, host, nature, slice, perCall, size);
  }

  public Setting with(Size newSize) {
    return new Setting(seed, host, nature, slice, perCall, newSize);
  }

  /** Slices of so many calls. */
  public Setting withCallsPerSlice(int calls) {
    Duration each = Duration.ofMillis(100);
    return new Setting(seed, host, nature, each.multipliedBy(calls), each, size);
  }
}
