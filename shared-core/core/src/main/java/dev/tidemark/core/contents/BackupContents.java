package dev.tidemark.core.contents;

import dev.tidemark.core.engine.Shard;
import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.failure.PermanentFailure.Kind;
import dev.tidemark.core.tree.EntryPath;
import dev.tidemark.core.vault.Entry;
import dev.tidemark.core.vault.LaneText;
import dev.tidemark.core.vault.Manifest;
import dev.tidemark.core.vault.PartList;
import dev.tidemark.core.vault.PartLists;
import dev.tidemark.core.vault.PartRef;
import dev.tidemark.core.vault.UnitEntries;
import dev.tidemark.core.vault.UnitRecord;
import dev.tidemark.core.vault.UnitShards;
import dev.tidemark.core.vault.Vault;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** Lists what a backup holds, as streams. */
public final class BackupContents {
  private final Vault vault;

  public BackupContents(Vault vault) {
    this.vault = vault;
  }

  /**
   * An entry of a backup.
   *
   * @param shard canonical name
   * @param entry as seen from the shard
   */
  public record Item(String shard, Entry entry) {}

  /** The backup's unit records, in plan order. */
  public void units(Manifest manifest, Consumer<UnitRecord> sink) {
    String clusterId = manifest.header().clusterId();
    for (Manifest.IndexRef index : lanes(manifest)) {
      try (LaneText.Reader lane = vault.lane(clusterId, index)) {
        for (UnitRecord unit = lane.next(); unit != null; unit = lane.next()) {
          sink.accept(unit);
        }
      }
    }
  }

  /**
   * The entries of all shards that {@code shards} holds for, unit after unit in plan order, in each
   * shard after shard, each ascending by path.
   *
   * @param shards asks for a canonical name
   * @param below only this path and what is below it
   * @throws PermanentFailure NOT_FOUND where no shard is asked for
   */
  public void entries(
      Manifest manifest, Predicate<String> shards, EntryPath below, Consumer<Item> sink) {
    String clusterId = manifest.header().clusterId();
    long[] asked = {0};
    units(
        manifest,
        unit -> {
          UnitShards all = UnitShards.of(unit);
          Set<Shard> wanted = new HashSet<>(all.all());
          wanted.removeIf(shard -> !shards.test(shard.canonicalName()));
          asked[0] += wanted.size();
          entries(clusterId, unit, all, wanted, below, sink);
        });
    if (asked[0] == 0) {
      throw PermanentFailure.of(Kind.NOT_FOUND, "backup '" + manifest.header().backup() + "'")
          .expected("the name of a shard in one of its " + manifest.header().units() + " units")
          .found("no such shard");
    }
  }

  private void entries(
      String clusterId,
      UnitRecord unit,
      UnitShards shards,
      Set<Shard> wanted,
      EntryPath below,
      Consumer<Item> sink) {
    List<EntryPath> roots = wanted.stream().map(shard -> below.in(shards.folder(shard))).toList();
    if (roots.isEmpty()) {
      return;
    }
    List<PartRef> parts =
        PartLists.read(vault.store(), clusterId, unit.unit(), unit.parts()).stream()
            .filter(part -> roots.stream().anyMatch(part::mayHold))
            .toList();
    var some = new PartList(parts, null);
    try (var entries = UnitEntries.open(vault.store(), clusterId, unit.unit(), some)) {
      for (Entry entry = entries.next(); entry != null; entry = entries.next()) {
        UnitShards.Located at = shards.locate(entry.path()).orElse(null);
        if (at != null && wanted.contains(at.shard()) && at.path().startsWith(below)) {
          Entry seen = UnitShards.from(shards.folder(at.shard()), entry);
          sink.accept(new Item(at.shard().canonicalName(), seen));
        }
      }
    }
  }

  static List<Manifest.IndexRef> lanes(Manifest manifest) {
    return manifest.body().index().stream()
        .filter(index -> index.name().contains(".0.lane-"))
        .toList();
  }
}
