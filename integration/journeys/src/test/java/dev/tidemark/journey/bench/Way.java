package dev.tidemark.journey.bench;

import dev.tidemark.contract.cloud.WeaviateServer;
import java.io.IOException;

/** A way to keep backups of a server, as a person would go it. */
interface Way {
  String name();

  /**
   * Backs everything up, and comes back when the backup can be restored.
   *
   * @param id never used before
   * @return seconds
   */
  double backUp(String id) throws IOException, InterruptedException;

  /**
   * Restores everything into a server that has no collections.
   *
   * @return seconds
   */
  double restore(String id, WeaviateServer into) throws IOException, InterruptedException;

  /** What is kept after all backups so far. */
  long storedBytes() throws IOException;
}
