package dev.tidemark.contract.staging;

import dev.tidemark.core.staging.StagingArea;

/** One place for scratch objects, empty at first and of one test alone. */
public interface StagingAreaEnvironment {

  /** A new client of the place, as another process would have one. */
  StagingArea open();

  /** A client of a place that does not exist, or has vanished since the client was made. */
  StagingArea missing();

  /** Whether uploads are listed by the folder of their keys, not only by whole keys. */
  default boolean listsUploadsByFolder() {
    return true;
  }
}
