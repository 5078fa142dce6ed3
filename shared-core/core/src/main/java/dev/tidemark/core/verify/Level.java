package dev.tidemark.core.verify;

import dev.tidemark.core.vault.TreeDigest;
import java.nio.charset.StandardCharsets;

/**
 * How much a verification reads. All levels read manifest, index and parts, and ask for every blob
 * and its size.
 *
 * @param percent of the blobs whose content is read and compared with the digests
 * @param seed chooses the blobs, together with their names
 */
public record Level(int percent, String seed) {
  public static final Level STRUCTURE = new Level(0, "");
  public static final Level FULL = new Level(100, "");

  public Level {
    if (percent < 0 || percent > 100) {
      throw new IllegalArgumentException("a sample of " + percent + " %");
    }
  }

  /**
   * @param percent 1 to 100
   */
  public static Level sample(int percent, String seed) {
    return new Level(percent, seed);
  }

  /** Whether the content of a blob is read. */
  boolean reads(String blob) {
    if (percent == 0 || percent == 100) {
      return percent == 100;
    }
    byte[] hash = TreeDigest.sha256().digest((seed + "\0" + blob).getBytes(StandardCharsets.UTF_8));
    int place = (hash[0] & 0xff) << 16 | (hash[1] & 0xff) << 8 | (hash[2] & 0xff);
    return place % 100 < percent;
  }

  @Override
  public String toString() {
    return percent == 0
        ? "structure"
        : percent == 100 ? "full" : "sample " + percent + " % with seed '" + seed + "'";
  }
}
