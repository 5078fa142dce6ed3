package dev.tidemark.core.config;

import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Checks schedules: five fields of numbers, names, ranges, lists and steps, as in crontab(5). */
final class Cron {
  private static final Pattern RANGE =
      Pattern.compile("(?:\\*|([a-z0-9]+)(?:-([a-z0-9]+))?)(?:/([1-9][0-9]{0,2}))?");
  private static final List<Part> PARTS =
      List.of(
          new Part("minute", 0, 59, List.of()),
          new Part("hour", 0, 23, List.of()),
          new Part("day of month", 1, 31, List.of()),
          new Part(
              "month",
              1,
              12,
              List.of(
                  "", "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov",
                  "dec")),
          new Part("day of week", 0, 7, List.of("sun", "mon", "tue", "wed", "thu", "fri", "sat")));

  private record Part(String name, int min, int max, List<String> names) {

    boolean takes(String field) {
      for (String range : field.split(",", -1)) {
        Matcher matcher = RANGE.matcher(range);
        if (!matcher.matches()) {
          return false;
        }
        if (matcher.group(1) != null) {
          int from = number(matcher.group(1));
          int to = matcher.group(2) == null ? from : number(matcher.group(2));
          if (from < min || to > max || from > to) {
            return false;
          }
        }
      }
      return true;
    }

    /** -1 for what is neither a number nor a name. */
    private int number(String text) {
      return text.matches("[0-9]{1,2}") ? Integer.parseInt(text) : names.indexOf(text);
    }
  }

  private Cron() {}

  /**
   * The schedule in lower case with single spaces.
   *
   * @throws IllegalArgumentException with a hint
   */
  static String normal(String text) {
    List<String> fields = List.of(text.strip().toLowerCase(Locale.ROOT).split("\\s+"));
    if (fields.size() != PARTS.size()) {
      throw new IllegalArgumentException(
          "five fields: minute, hour, day of month, month, day of week, like \"0 3 * * *\"");
    }
    for (int i = 0; i < PARTS.size(); i++) {
      Part part = PARTS.get(i);
      if (!part.takes(fields.get(i))) {
        throw new IllegalArgumentException(
            "the %s goes from %d to %d, like 5 or 1-5 or */2 or 1,3"
                .formatted(part.name(), part.min(), part.max()));
      }
    }
    return String.join(" ", fields);
  }
}
