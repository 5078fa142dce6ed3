package dev.tidemark.core.staging;

import dev.tidemark.core.config.Options;

/** Opens staging areas as configured: what a host has stores for. */
public interface StagingAreas {

  /**
   * The staging area of a place. Asks nothing of it yet.
   *
   * @param place with the key {@code store}, and what that store's schema asks for
   * @throws dev.tidemark.core.failure.PermanentFailure INVALID where the host has no such store
   */
  StagingArea open(Options place);
}
