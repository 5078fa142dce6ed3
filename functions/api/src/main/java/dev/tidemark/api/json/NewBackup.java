package dev.tidemark.api.json;

import com.fasterxml.jackson.annotation.JsonAlias;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.swagger.v3.oas.annotations.media.ArraySchema;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A backup to be made.
 *
 * @param id its id, never used again; where it is absent, one is made
 * @param include collections, {@code *} in them; all where it is absent or empty
 * @param exclude likewise; not together with include
 * @param config how it is made
 * @param base the id of the backup whose data may be reused, or {@code none}; where it is absent,
 *     the newest good one. The name {@code base} is taken too
 * @param labels for finding it again
 * @param vault the name of a configured vault; where it is absent, the policy's or the cluster's
 * @param policy the name of a configured policy, whose vault, selection and labels hold where the
 *     request says nothing
 */
@Schema(additionalProperties = Schema.AdditionalPropertiesValue.FALSE)
public record NewBackup(
    @Schema(pattern = Patterns.BACKUP_ID) @Nullable String id,
    @ArraySchema(schema = @Schema(minLength = 1)) @Nullable List<String> include,
    @ArraySchema(schema = @Schema(minLength = 1)) @Nullable List<String> exclude,
    @Nullable BackupConfig config,
    @JsonProperty("incremental_base_backup_id")
        @JsonAlias("base")
        @Schema(pattern = Patterns.BACKUP_ID)
        @Nullable String base,
    @Nullable Map<String, String> labels,
    @Schema(pattern = Patterns.NAME) @Nullable String vault,
    @Schema(pattern = Patterns.NAME) @Nullable String policy) {}
