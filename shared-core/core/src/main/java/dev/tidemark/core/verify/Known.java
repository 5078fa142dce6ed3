package dev.tidemark.core.verify;

import java.util.List;

/**
 * What is known, apart from the vault, of a backup's manifest, tombstone, notes and owner objects:
 * nothing in a vault refers to these, so only who remembers them can miss them.
 */
@FunctionalInterface
public interface Known {
  Known NOTHING = (clusterId, backupId) -> List.of();

  /** The objects that should be there. */
  List<Expected> of(String clusterId, String backupId);

  /** Whether an object was surely written. */
  enum Certainty {
    /** It was noted after the store had confirmed the object. */
    WRITTEN,
    /** It was noted before the object was written, and nothing after. */
    INTENDED
  }

  /** An object that should be there. */
  record Expected(String key, Certainty certainty) {}
}
