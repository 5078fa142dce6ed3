package dev.tidemark.core.time;

/** Randomness: unguessable in a host, seeded in a simulation. */
public interface Ids {

  /** That many random characters of {@code [a-z0-9]}. */
  String text(int length);

  /** That many random bytes. */
  byte[] bytes(int length);
}
