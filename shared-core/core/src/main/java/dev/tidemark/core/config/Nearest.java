package dev.tidemark.core.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** Finds the word that somebody meant. */
public final class Nearest {
  private Nearest() {}

  /** The known word with the fewest edits, where those are at most a third of its letters + 1. */
  public static Optional<String> to(String word, Collection<String> known) {
    return known.stream()
        .min(Comparator.comparingInt((String each) -> edits(word, each)).thenComparing(s -> s))
        .filter(each -> edits(word, each) <= 1 + each.length() / 3);
  }

  /** "did you mean …?", or nothing. */
  public static String hint(String word, Collection<String> known) {
    return to(word, known).map(each -> "did you mean '" + each + "'?").orElse("");
  }

  /** Insertions, deletions, replacements and swaps of neighbours; case does not count. */
  private static int edits(String left, String right) {
    String a = left.toLowerCase(Locale.ROOT);
    String b = right.toLowerCase(Locale.ROOT);
    // A name of a file's length is no misspelling.
    if (a.length() > 80 || b.length() > 80) {
      return Integer.MAX_VALUE;
    }
    int[][] d = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        d[i][j] = i == 0 ? j : j == 0 ? i : fewest(d, a, b, i, j);
      }
    }
    return d[a.length()][b.length()];
  }

  private static int fewest(int[][] d, String a, String b, int i, int j) {
    int same = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
    int best = Math.min(d[i - 1][j - 1] + same, Math.min(d[i - 1][j], d[i][j - 1]) + 1);
    boolean swapped =
        i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
    return swapped ? Math.min(best, d[i - 2][j - 2] + 1) : best;
  }
}
