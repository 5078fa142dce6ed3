package dev.tidemark.journey.bench;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/** One quantity, measured several times. */
final class Figures {
  private final List<Double> values = new ArrayList<>();

  void add(double value) {
    values.add(value);
    Collections.sort(values);
  }

  double median() {
    int n = values.size();
    return n % 2 == 1 ? values.get(n / 2) : (values.get(n / 2 - 1) + values.get(n / 2)) / 2;
  }

  /** How many there are. */
  int count() {
    return values.size();
  }

  /** The least value that so great a share of all does not exceed; 1 is the greatest. */
  double quantile(double share) {
    return values.get(Math.max(0, (int) Math.ceil(share * values.size()) - 1));
  }

  void addAll(Figures others) {
    values.addAll(others.values);
    Collections.sort(values);
  }

  /** The median, and the least and the greatest. */
  String text(String format) {
    return String.format(
        Locale.ROOT,
        format + " (" + format + "–" + format + ")",
        median(),
        values.get(0),
        values.get(values.size() - 1));
  }

  String medianText(String format) {
    return String.format(Locale.ROOT, format, median());
  }
}
