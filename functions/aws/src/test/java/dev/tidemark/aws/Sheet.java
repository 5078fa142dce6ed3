package dev.tidemark.aws;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Locale;

/** Figures as Markdown, on the console and in a file. */
final class Sheet {
  private final StringBuilder text = new StringBuilder();

  void line(String format, Object... arguments) {
    String line = String.format(Locale.ROOT, format, arguments) + "\n";
    text.append(line);
    System.out.print(line);
  }

  void save(Path file) throws IOException {
    Files.writeString(file, text);
    System.out.println("written to " + file);
  }

  /** The middle one; of an even number the mean of both. */
  static double median(Collection<Double> values) {
    List<Double> sorted = values.stream().sorted().toList();
    int n = sorted.size();
    return (sorted.get((n - 1) / 2) + sorted.get(n / 2)) / 2;
  }
}
