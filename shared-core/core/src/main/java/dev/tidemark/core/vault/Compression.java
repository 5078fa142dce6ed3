package dev.tidemark.core.vault;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * How hard frames are compressed, by the names that Weaviate's users know; its gzip names mean the
 * zstd level of the same word.
 */
public enum Compression {
  NO_COMPRESSION("NoCompression", "NoCompression", 0),
  BEST_SPEED("ZstdBestSpeed", "BestSpeed", 1),
  DEFAULT("ZstdDefaultCompression", "DefaultCompression", 3),
  BEST("ZstdBestCompression", "BestCompression", 12);

  private final String word;
  private final String gzipWord;
  private final int level;

  Compression(String word, String gzipWord, int level) {
    this.word = word;
    this.gzipWord = gzipWord;
    this.level = level;
  }

  public String word() {
    return word;
  }

  /** The zstd level; 0 for none. */
  public int level() {
    return level;
  }

  /** The compression of a name, in any case; nothing where there is no such name. */
  public static Optional<Compression> named(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return Arrays.stream(values())
        .filter(
            c ->
                c.word.toLowerCase(Locale.ROOT).equals(lower)
                    || c.gzipWord.toLowerCase(Locale.ROOT).equals(lower))
        .findFirst();
  }

  /** All names that {@link #named} takes. */
  public static String names() {
    return Arrays.stream(values())
        .flatMap(c -> java.util.stream.Stream.of(c.word, c.gzipWord))
        .distinct()
        .collect(Collectors.joining(", "));
  }
}
