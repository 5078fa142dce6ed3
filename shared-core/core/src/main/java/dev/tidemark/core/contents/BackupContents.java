package dev.tidemark.core.contents;

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
import dev.tidemark.core.vault.Vault;
import java.util.List;
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
   * @param unit canonical name
   */
  public record Item(String unit, Entry entry) {}

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
   * The entries of all units that {@code units} holds for, unit after unit in plan order, each
   * ascending by path.
   *
   * @param units asks for a canonical name
   * @param below only this path and what is below it
   * @throws PermanentFailure NOT_FOUND where no unit is asked for
   */
  public void entries(
      Manifest manifest, Predicate<String> units, EntryPath below, Consumer<Item> sink) {
    String clusterId = manifest.header().clusterId();
    long[] asked = {0};
    units(
        manifest,
        unit -> {
          if (units.test(unit.name())) {
            asked[0]++;
            entries(clusterId, unit, below, sink);
          }
        });
    if (asked[0] == 0) {
      throw PermanentFailure.of(Kind.NOT_FOUND, "backup '" + manifest.header().backup() + "'")
          .expected("the name of one of its " + manifest.header().units() + " units")
          .found("no such unit");
    }
  }

  private void entries(String clusterId, UnitRecord unit, EntryPath below, Consumer<Item> sink) {
    List<PartRef> parts =
        PartLists.read(vault.store(), clusterId, unit.unit(), unit.parts()).stream()
            .filter(part -> mayHold(part, below))
            .toList();
    var some = new PartList(parts, null);
    try (var entries = UnitEntries.open(vault.store(), clusterId, unit.unit(), some)) {
      for (Entry entry = entries.next(); entry != null; entry = entries.next()) {
        if (entry.path().startsWith(below)) {
          sink.accept(new Item(unit.name(), entry));
        }
      }
    }
  }

  /** What is below a path follows it directly, so a part holds some of it or is beside it. */
  private static boolean mayHold(PartRef part, EntryPath below) {
    return part.last().compareTo(below) >= 0
        && (part.first().compareTo(below) <= 0 || part.first().startsWith(below));
  }

  static List<Manifest.IndexRef> lanes(Manifest manifest) {
    return manifest.body().index().stream()
        .filter(index -> index.name().contains(".0.lane-"))
        .toList();
  }
}
