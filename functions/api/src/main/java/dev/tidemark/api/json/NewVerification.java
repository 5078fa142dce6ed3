package dev.tidemark.api.json;

import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * A verification to be made: that every object of a backup is there, and that what describes the
 * content is intact.
 *
 * @param vault where the backup is; needed where several vaults have one of its id
 * @param percent how much of the content is read and compared besides: 0 (where it is absent) for
 *     none, 100 for all
 */
@Schema(additionalProperties = Schema.AdditionalPropertiesValue.FALSE)
public record NewVerification(
    @Schema(pattern = Patterns.NAME) @Nullable String vault,
    @Schema(minimum = "0", maximum = "100") @Nullable Integer percent) {}
