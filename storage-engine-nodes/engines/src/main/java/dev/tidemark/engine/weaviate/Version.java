package dev.tidemark.engine.weaviate;

import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.failure.PermanentFailure.Kind;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A server's version, and what it can. What a release line got later has the patch named. */
record Version(int major, int minor, int patch, String text) {
  private static final Pattern TEXT = Pattern.compile("v?(\\d+)\\.(\\d+)\\.(\\d+)(?:[-+.].*)?");
  private static final int ONE = 1;

  static Version parse(String text) {
    Matcher match = TEXT.matcher(text);
    if (!match.matches()) {
      throw PermanentFailure.of(Kind.INVALID, "version of Weaviate")
          .expected("one like 1.38.11")
          .found("'" + text + "'");
    }
    return new Version(
        Integer.parseInt(match.group(1)),
        Integer.parseInt(match.group(2)),
        Integer.parseInt(match.group(3)),
        text);
  }

  /** Bucket and path of a single backup. */
  boolean placesBackups() {
    return since(28, Map.of(27, 2));
  }

  /** Chunks without compression. */
  boolean leavesUncompressed() {
    return since(35, Map.of(34, 1, 33, 6, 32, 18));
  }

  /** Chunks compressed by zstd. */
  boolean compressesByZstd() {
    return leavesUncompressed();
  }

  /** Restores put files together that are split over chunks. */
  boolean joinsSplitFiles() {
    return since(37, Map.of(36, 5, 35, 15));
  }

  /** Whether it is of an earlier release line than another. */
  boolean isBefore(Version other) {
    return major < other.major || (major == other.major && minor < other.minor);
  }

  /** Backups hold inactive tenants too. */
  boolean includesInactive() {
    return since(37, Map.of(36, 10, 35, 17));
  }

  /** Configuration of a backup's processors, chunks and compression. */
  boolean configuresBackups() {
    return since(24, Map.of());
  }

  /** Backups hold the aliases of their collections. */
  boolean knowsAliases() {
    return since(32, Map.of());
  }

  /** Backups hold users and roles. */
  boolean knowsUsers() {
    return since(30, Map.of());
  }

  /** Restores of backups of an older one have lost objects. */
  boolean isTooOld() {
    return !since(24, Map.of(23, 13));
  }

  private boolean since(int firstMinor, Map<Integer, Integer> patches) {
    if (major != ONE) {
      return major > ONE;
    }
    Integer least = patches.get(minor);
    return minor >= firstMinor || (least != null && patch >= least);
  }

  @Override
  public String toString() {
    return text;
  }
}
