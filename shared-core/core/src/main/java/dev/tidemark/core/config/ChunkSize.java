package dev.tidemark.core.config;

/** Chunk sizes: as they may be asked for (2 to 512 MiB, as Weaviate takes them), and as used. */
public final class ChunkSize {
  public static final int MIN_MEBIBYTES = 2;
  public static final int MAX_MEBIBYTES = 512;

  private ChunkSize() {}

  /** The nearest multiple of 8 from 8 to 56. */
  public static int used(long mebibytes) {
    return (int) Math.max(8, Math.min(56, (mebibytes + 4) / 8 * 8));
  }
}
