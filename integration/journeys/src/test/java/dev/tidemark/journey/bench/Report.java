package dev.tidemark.journey.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** Markdown on the console, and at the end in a file. */
final class Report {
  private final StringBuilder text = new StringBuilder();

  void line(String format, Object... arguments) {
    String line = String.format(Locale.ROOT, format, arguments) + "\n";
    text.append(line);
    System.out.print(line);
  }

  /** Says what goes on; no part of the report. */
  void progress(String format, Object... arguments) {
    System.out.println("… " + String.format(Locale.ROOT, format, arguments));
  }

  void table(List<String> head, List<List<String>> rows) {
    line("");
    row(head);
    row(
        head.stream()
            .map(title -> title.isEmpty() || title.equals(head.get(0)) ? "---" : "--:")
            .toList());
    rows.forEach(this::row);
    line("");
  }

  private void row(List<String> cells) {
    line("%s", "| " + String.join(" | ", cells) + " |");
  }

  void save(Path file) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
    System.out.println("written to " + file);
  }
}
