package dev.tidemark.core.staging;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * After how long a store removes by itself what nobody does.
 *
 * @param objects null where it never removes an object
 * @param uploads null where it never removes an upload that nobody completed
 * @param unknown why that could not be asked; empty where it could
 */
public record Expiry(@Nullable Duration objects, @Nullable Duration uploads, String unknown) {
  /** Of a store that removes nothing. */
  public static final Expiry NEVER = new Expiry(null, null, "");

  public static Expiry unknown(String why) {
    return new Expiry(null, null, why);
  }
}
