package dev.tidemark.api.json;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/** How values of views stand in JSON. */
final class Views {
  private static final double GIBIBYTE = 1L << 30;

  private Views() {}

  static @Nullable String emptyAsNull(String text) {
    return text.isEmpty() ? null : text;
  }

  static String nullAsEmpty(@Nullable String text) {
    return text == null ? "" : text;
  }

  static @Nullable Instant millis(@Nullable Instant time) {
    return time == null ? null : time.truncatedTo(ChronoUnit.MILLIS);
  }

  static double gibibytes(long bytes) {
    return bytes / GIBIBYTE;
  }
}
