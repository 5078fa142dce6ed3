package dev.tidemark.core.verify;

import dev.tidemark.core.engine.Shard;
import dev.tidemark.core.tree.EntryPath;
import dev.tidemark.core.vault.PartRef;
import dev.tidemark.core.vault.UnitRecord;
import dev.tidemark.core.vault.UnitShards;
import java.util.List;

/** What damage of a unit costs, by the shards and files that people know. */
record Cost(UnitRecord record, UnitShards shards) {
  private static final String EVERY_FILE = "every file";

  Cost(UnitRecord record) {
    this(record, UnitShards.of(record));
  }

  /** The whole unit. */
  void everything(Findings.Building finding) {
    several(finding, List.copyOf(shards.all()), record.files());
  }

  /** A part, by what the record says that is in it. */
  void part(Findings.Building finding, PartRef part) {
    if (shards.several()) {
      several(finding, shards.between(part.first(), part.last()), part.entries());
    } else {
      String range = "all from " + part.first() + " to " + part.last();
      finding.costs(record.shards().get(0).canonicalName(), range, part.entries());
    }
  }

  /** How many files each of them has is not known, so they are counted together. */
  private static void several(Findings.Building finding, List<Shard> lost, long files) {
    long count = files;
    for (Shard shard : lost) {
      finding.costs(shard.canonicalName(), EVERY_FILE, count);
      count = 0;
    }
  }

  /** One file. */
  void file(Findings.Building finding, EntryPath path) {
    shards
        .locate(path)
        .ifPresent(at -> finding.costs(at.shard().canonicalName(), at.path().toString()));
  }
}
