package dev.tidemark.core.config;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Durations as people write them: {@code 500ms}, {@code 60s}, {@code 8m}, {@code 1h30m}, {@code
 * 7d}.
 */
public final class Durations {
  private static final Pattern WHOLE = Pattern.compile("([0-9]{1,9}(ms|s|m|h|d))+");
  private static final Pattern PIECE = Pattern.compile("([0-9]{1,9})(ms|s|m|h|d)");

  private Durations() {}

  /**
   * @throws IllegalArgumentException with a hint
   */
  public static Duration parse(String text) {
    if (!WHOLE.matcher(text).matches()) {
      throw new IllegalArgumentException("write a number with a unit (ms, s, m, h, d), like 60s");
    }
    Duration whole = Duration.ZERO;
    Matcher pieces = PIECE.matcher(text);
    while (pieces.find()) {
      whole = whole.plus(unit(pieces.group(2)).multipliedBy(Long.parseLong(pieces.group(1))));
    }
    return whole;
  }

  /** The shortest form that {@link #parse} reads; parts of a millisecond are dropped. */
  public static String format(Duration duration) {
    var text = new StringBuilder();
    long rest = duration.toMillis();
    for (String unit : new String[] {"d", "h", "m", "s", "ms"}) {
      long millis = unit(unit).toMillis();
      if (rest >= millis) {
        text.append(rest / millis).append(unit);
        rest %= millis;
      }
    }
    return text.length() == 0 ? "0s" : text.toString();
  }

  private static Duration unit(String unit) {
    return switch (unit) {
      case "ms" -> Duration.ofMillis(1);
      case "s" -> Duration.ofSeconds(1);
      case "m" -> Duration.ofMinutes(1);
      case "h" -> Duration.ofHours(1);
      default -> Duration.ofDays(1);
    };
  }
}
