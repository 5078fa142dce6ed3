package dev.tidemark.journey.sim;

import dev.tidemark.core.time.Ids;
import java.util.SplittableRandom;

/** Randomness that repeats itself. */
public final class SeededIds implements Ids {
  private static final String LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789";

  private final SplittableRandom chance;

  public SeededIds(long seed) {
    this.chance = new SplittableRandom(seed);
  }

  @Override
  public synchronized String text(int length) {
    var text = new StringBuilder();
    for (int i = 0; i < length; i++) {
      text.append(LETTERS.charAt(chance.nextInt(LETTERS.length())));
    }
    return text.toString();
  }

  @Override
  public synchronized byte[] bytes(int length) {
    byte[] bytes = new byte[length];
    chance.nextBytes(bytes);
    return bytes;
  }
}
