package dev.tidemark.api.json;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import dev.tidemark.core.control.RestorePlan;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * What a restore would do.
 *
 * @param problems why it would be refused, each a sentence
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record Plan(
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
   * @param location the place itself, in words
   * @param conflict what stands there, in words
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Mapping(
      String from, String to, String location, long files, long bytes, @Nullable String conflict) {}

  /**
   * The room on the target.
   *
   * @param needed bytes
   * @param free bytes, where they are known
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Volume(String volume, long needed, @Nullable Long free) {}

  public static Plan of(RestorePlan plan) {
    return new Plan(
        plan.id(),
        plan.cluster(),
        plan.vault(),
        plan.path(),
        plan.files(),
        plan.bytes(),
        plan.mappings().stream()
            .map(
                each ->
                    new Mapping(
                        each.from(),
                        each.to(),
                        each.location(),
                        each.files(),
                        each.bytes(),
                        Views.emptyAsNull(each.conflict())))
            .toList(),
        plan.volumes().stream()
            .map(
                each ->
                    new Volume(
                        each.volume(),
                        each.needed(),
                        each.free().isPresent() ? each.free().getAsLong() : null))
            .toList(),
        plan.problems());
  }

  public RestorePlan view() {
    return new RestorePlan(
        id,
        cluster,
        vault,
        path,
        files,
        bytes,
        mappings.stream()
            .map(
                each ->
                    new RestorePlan.Mapping(
                        each.from(),
                        each.to(),
                        each.location(),
                        each.files(),
                        each.bytes(),
                        Views.nullAsEmpty(each.conflict())))
            .toList(),
        volumes.stream()
            .map(
                each ->
                    new RestorePlan.Volume(
                        each.volume(),
                        each.needed(),
                        each.free() == null ? OptionalLong.empty() : OptionalLong.of(each.free())))
            .toList(),
        problems);
  }
}
