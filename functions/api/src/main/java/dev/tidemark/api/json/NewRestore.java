package dev.tidemark.api.json;

import com.fasterxml.jackson.annotation.JsonAlias;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.swagger.v3.oas.annotations.media.ArraySchema;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A restore to be made, onto a configured cluster.
 *
 * @param vault where the backup is; needed where several vaults have one of its id
 * @param include collections, or shards as {@code collection/shard}, {@code *} in them; all where
 *     it is absent or empty
 * @param exclude likewise; not together with include
 * @param paths {@code collection/shard/path} as the contents of a backup show it: only these
 *     entries and all below them
 * @param rename other names for collections, in order: the first that matches
 * @param suffix appended to the names of collections after renaming
 * @param nodeMapping names of nodes in the backup to those on which their shards are placed
 * @param into the cluster to restore onto; where it is absent, the one that the backup is of
 * @param replace whether what exists may be replaced, which needs the role admin
 * @param config how it is made
 * @param overwriteAlias false, which it is where it is absent; true is refused, since no restore
 *     takes an alias from another collection
 */
@Schema(additionalProperties = Schema.AdditionalPropertiesValue.FALSE)
public record NewRestore(
    @Schema(pattern = Patterns.NAME) @Nullable String vault,
    @ArraySchema(schema = @Schema(minLength = 1)) @Nullable List<String> include,
    @ArraySchema(schema = @Schema(minLength = 1)) @Nullable List<String> exclude,
    @Nullable List<String> paths,
    @Nullable List<Rename> rename,
    @Schema(pattern = Patterns.SUFFIX) @Nullable String suffix,
    @JsonProperty("node_mapping") @JsonAlias("nodes") @Nullable Map<String, String> nodeMapping,
    @Schema(pattern = Patterns.NAME) @Nullable String into,
    @Nullable Boolean replace,
    @Nullable RestoreConfig config,
    @Nullable Boolean overwriteAlias) {

  /**
   * Another name for a collection.
   *
   * @param from a collection, {@code *} in it
   * @param to its name; what {@code *} stands for in from, it stands for here
   */
  @Schema(additionalProperties = Schema.AdditionalPropertiesValue.FALSE)
  public record Rename(
      @Schema(minLength = 1) @JsonProperty(required = true) String from,
      @Schema(minLength = 1) @JsonProperty(required = true) String to) {}
}
