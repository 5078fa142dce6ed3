package dev.tidemark.node.storage;

/** What can be done with a shard. */
public enum ShardStatus {
  READY,
  /** Reads only, until a call makes it READY again. */
  READONLY,
  /** A tenant whose database is closed. */
  INACTIVE,
  /** The schema places it here, but its data are not here, or cannot be opened. */
  LOST,
  /** A generation that is not published yet. */
  RESTORING
}
