package dev.tidemark.core.vault;

import dev.tidemark.core.engine.Shard;
import java.util.List;
import java.util.Map;

/**
 * What an index says of a unit; the words are those of the format.
 *
 * @param unit the unit's key
 * @param name its canonical name
 * @param shards one, and the unit is that shard; or several, each of which is a folder of the unit
 * @param snapshot what the engine called the snapshot that was read
 * @param entries how many entries its parts list
 * @param files how many of them are regular files
 * @param bytes of their content
 * @param stored bytes that this backup added to the vault for it
 * @param listing hex
 * @param root hex
 * @param weak entries without strong identity
 * @param since how many backups ago it was read in full; 0: by this one
 * @param notes how many of which kind
 */
public record UnitRecord(
    String unit,
    String name,
    String node,
    List<Shard> shards,
    String snapshot,
    long entries,
    long files,
    long bytes,
    long stored,
    String listing,
    String root,
    long weak,
    int since,
    Map<String, Long> notes,
    PartList parts) {

  /** The same with other shards: a row has none of a bin. */
  public UnitRecord withShards(List<Shard> otherShards) {
    return new UnitRecord(
        unit,
        name,
        node,
        otherShards,
        snapshot,
        entries,
        files,
        bytes,
        stored,
        listing,
        root,
        weak,
        since,
        notes,
        parts);
  }
}
