package dev.tidemark.core.control;

import java.util.List;
import java.util.OptionalLong;

/**
 * What a restore would do.
 *
 * @param mappings what goes where
 * @param volumes the room that is there and needed
 * @param problems why it would be refused, each a sentence; empty where it would not
 */
public record RestorePlan(
    String id,
    String cluster,
    String vault,
    String path,
    long files,
    long bytes,
    List<Mapping> mappings,
    List<Volume> volumes,
    List<String> problems) {

  /**
   * One unit's way.
   *
   * @param from {@code collection/shard} in the backup
   * @param to {@code collection/shard} on the target
   * @param location the place itself, in words for a person
   * @param conflict what stands there, in words for a person; empty where it is free
   */
  public record Mapping(
      String from, String to, String location, long files, long bytes, String conflict) {}

  /**
   * @param needed bytes
   * @param free bytes, where they are known
   */
  public record Volume(String volume, long needed, OptionalLong free) {}
}
