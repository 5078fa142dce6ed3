package dev.tidemark.core.flow;

import dev.tidemark.core.engine.BinName;
import dev.tidemark.core.vault.Manifest;
import dev.tidemark.core.vault.UnitRecord;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;

/** How the base of a backup is divided into units, by one look at its records. */
final class Base {
  /** A backup without a base. */
  static final Base NONE = new Base();

  private final Map<String, String> lanes = new HashMap<>();
  private final Map<BinName, NavigableSet<String>> bins = new HashMap<>();
  private final Set<String> alone = new HashSet<>();

  static Base of(Archive archive, String clusterId, Manifest manifest) {
    var base = new Base();
    for (Manifest.IndexRef ref : Archive.lanes(manifest)) {
      String lane = LaneIndex.of(ref).toString();
      archive.records(clusterId, ref, record -> base.add(record, lane));
    }
    return base;
  }

  void add(UnitRecord record, String lane) {
    lanes.put(record.unit(), lane);
    BinName.parse(record.name())
        .ifPresentOrElse(
            bin -> bins.computeIfAbsent(bin.with(""), all -> new TreeSet<>()).add(bin.bits()),
            () -> alone.add(record.name()));
  }

  /** Unit key to the lane index that has its record. */
  Map<String, String> lanes() {
    return lanes;
  }

  /** The bits of all bins of a collection on a node. */
  NavigableSet<String> bins(BinName all) {
    return bins.getOrDefault(all, new TreeSet<>());
  }

  BinSettings.Before before(String shard) {
    return alone.contains(shard) ? BinSettings.Before.ALONE : BinSettings.Before.BINNED_OR_NEW;
  }
}
