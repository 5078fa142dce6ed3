package dev.tidemark.node.cluster;

import java.security.SecureRandom;

/** New ids. */
public final class Ids {
  private static final String ALPHABET = "abcdefghijklmnopqrstuvwxyz0123456789";
  private static final int LENGTH = 16;
  private static final SecureRandom RANDOM = new SecureRandom();

  private Ids() {}

  /** For example {@code g-k3x9…}: 16 random of {@code [a-z0-9]} behind the prefix. */
  public static String next(String prefix) {
    return RANDOM
        .ints(LENGTH, 0, ALPHABET.length())
        .collect(
            () -> new StringBuilder(prefix),
            (text, index) -> text.append(ALPHABET.charAt(index)),
            StringBuilder::append)
        .toString();
  }
}
