package dev.tidemark.core.flow;

import java.util.List;

/**
 * What a restore would do.
 *
 * @param bytes to be written, all units together
 * @param conflicts why it would be refused, a sentence each; empty where it would start
 */
public record RestorePreview(
    String backupId,
    String clusterId,
    String cluster,
    List<Line> units,
    long bytes,
    List<Volume> volumes,
    List<String> conflicts) {

  /**
   * A volume of the target.
   *
   * @param needed bytes
   * @param free bytes; -1 where they are not known
   */
  public record Volume(String name, long needed, long free) {}

  /**
   * A shard of the backup and where it goes.
   *
   * @param unit the key under which it is restored
   * @param name its canonical name
   * @param location the place on the target, in words for a person
   * @param existing what stands there now; empty where the place is free
   */
  public record Line(
      String unit,
      String name,
      String collection,
      String shard,
      String location,
      String existing,
      long files,
      long bytes) {}
}
