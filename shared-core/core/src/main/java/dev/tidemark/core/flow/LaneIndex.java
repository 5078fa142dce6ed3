package dev.tidemark.core.flow;

import dev.tidemark.core.vault.Manifest;

/**
 * Where the record of a unit is, as the unit's row says it: {@code name#sha256} of the lane's index
 * object, and {@code #unit} where the record is that of a bin, which has another key than the row
 * of one shard of it.
 *
 * @param bin the bin's key; empty where the record's key is the row's
 */
record LaneIndex(String name, String sha256, String bin) {

  static LaneIndex parse(String text) {
    String[] parts = text.split("#", 3);
    return new LaneIndex(parts[0], parts[1], parts.length < 3 ? "" : parts[2]);
  }

  static LaneIndex of(Manifest.IndexRef ref) {
    return new LaneIndex(ref.name(), ref.sha256(), "");
  }

  LaneIndex inBin(String unit) {
    return new LaneIndex(name, sha256, unit);
  }

  Manifest.IndexRef ref() {
    return new Manifest.IndexRef(name, sha256, 0);
  }

  @Override
  public String toString() {
    return name + "#" + sha256 + (bin.isEmpty() ? "" : "#" + bin);
  }
}
