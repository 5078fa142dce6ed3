package dev.tidemark.core.flow;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Objects;

/**
 * A moment at which a policy wants a backup of one of its clusters.
 *
 * @param request what it wants; with a policy, without an id
 * @param time the scheduled moment, not that at which it is noticed
 */
public record PolicySlot(BackupRequest request, Instant time) {
  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("uuuuMMdd't'HHmm'z'", Locale.ROOT).withZone(ZoneOffset.UTC);

  public PolicySlot {
    Objects.requireNonNull(request.policy(), "a slot is a policy's");
  }

  String policy() {
    return Objects.requireNonNull(request.policy());
  }

  /** The same for whoever notices the moment, so that it gets one backup. */
  BackupRequest asked() {
    return request.withId(policy() + "-" + STAMP.format(time) + "-1");
  }

  /** What became of a slot. */
  public enum Outcome {
    /** The policy was seen for the first time; slots count from here on. */
    EXPECTED,
    /** A backup was started, or had been. */
    STARTED,
    /** No backup was started: another run had the cluster, or the request was refused. */
    SKIPPED,
    /** It was dealt with before, or a later one was. */
    PASSED
  }

  /**
   * What became of a slot, and why.
   *
   * @param detail the run of a backup that was started; the reason for one that was not
   */
  public record Taken(Outcome outcome, String detail) {}
}
