package dev.tidemark.core.config;

/**
 * Something wrong in a configuration file.
 *
 * @param file as it was named
 * @param line from 1
 * @param column from 1
 * @param where the keys that lead there, like {@code clusters.files.width}; empty for the file
 * @param expected in words
 * @param found in words, and never a secret
 * @param hint what to do; may be empty
 */
public record Problem(
    String file, int line, int column, String where, String expected, String found, String hint) {

  /** {@code file:line:column: where: expected …, found …. Hint: …} */
  public String sentence() {
    return "%s:%d:%d: %sexpected %s, found %s%s"
        .formatted(
            file,
            line,
            column,
            where.isEmpty() ? "" : where + ": ",
            expected,
            found,
            hint.isEmpty() ? "" : ". Hint: " + hint);
  }
}
