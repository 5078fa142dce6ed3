package dev.tidemark.local.cli;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/** Aligned columns. */
final class Table {
  private static final String GAP = "  ";

  private final List<List<String>> rows = new ArrayList<>();
  private final List<Boolean> right = new ArrayList<>();

  /**
   * @param headings one each; one that begins with {@code >} is of a column that is aligned right
   */
  Table(String... headings) {
    List<String> row = new ArrayList<>();
    for (String heading : headings) {
      right.add(heading.startsWith(">"));
      row.add(heading.startsWith(">") ? heading.substring(1) : heading);
    }
    rows.add(row);
  }

  /** One value for each heading. */
  void row(String... cells) {
    rows.add(List.of(cells));
  }

  void print(PrintStream out) {
    int[] widths = new int[right.size()];
    for (List<String> row : rows) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], length(row.get(i)));
      }
    }
    for (List<String> row : rows) {
      var line = new StringBuilder();
      for (int i = 0; i < widths.length; i++) {
        String space = " ".repeat(widths[i] - length(row.get(i)));
        line.append(i == 0 ? "" : GAP);
        line.append(right.get(i) ? space + row.get(i) : row.get(i) + space);
      }
      out.println(line.toString().stripTrailing());
    }
  }

  private static int length(String text) {
    return text.codePointCount(0, text.length());
  }
}
