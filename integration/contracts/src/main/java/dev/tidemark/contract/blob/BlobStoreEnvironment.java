package dev.tidemark.contract.blob;

import dev.tidemark.core.blob.BlobStore;

/**
 * One place for objects, empty at first and of one test alone: a folder, or a random prefix of a
 * bucket.
 */
public interface BlobStoreEnvironment {

  /** A new client of the place, sharing nothing in memory with the others where that can be had. */
  BlobStore open();

  /** A client of a place that does not exist, or has vanished since the client was made. */
  BlobStore missing();
}
