package dev.tidemark.core.transfer;

import dev.tidemark.core.engine.UnitReader;
import dev.tidemark.core.tree.EntryPath;
import dev.tidemark.core.tree.FileMeta;
import dev.tidemark.core.vault.EntryLookup;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;

/**
 * Knows whether what a hard link points to is in the backup: it may have vanished between listing
 * and reading, or have come into being behind the place where a slice went on.
 */
final class HardLinks {
  private final PartSequence parts;
  private final EntryLookup earlier;
  private final boolean certain;
  private final Set<EntryPath> dropped = new HashSet<>();

  HardLinks(PartSequence parts, EntryLookup earlier, UnitReader reader) {
    this.parts = parts;
    this.earlier = earlier;
    this.certain = reader.stable() && parts.dropped() == 0;
  }

  void drop(EntryPath path) {
    dropped.add(path);
  }

  boolean isKept(FileMeta link) {
    EntryPath target = EntryPath.parse(Objects.requireNonNull(link.target()));
    EntryPath resumed = parts.resumed();
    if (certain || resumed == null || target.compareTo(resumed) > 0) {
      return !dropped.contains(target);
    }
    return earlier.file(target).isPresent();
  }
}
