package dev.tidemark.api.json;

import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * A backup that a policy is to make now.
 *
 * @param cluster one of the policy's; may be absent where it has only one
 * @param id the backup's id; where it is absent, one is made
 */
@Schema(additionalProperties = Schema.AdditionalPropertiesValue.FALSE)
public record NewPolicyRun(
    @Schema(pattern = Patterns.NAME) @Nullable String cluster,
    @Schema(pattern = Patterns.BACKUP_ID) @Nullable String id) {}
