package dev.tidemark.api.json;

import com.fasterxml.jackson.annotation.JsonAlias;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * How a restore is made, as Weaviate's clients send it. Users and roles are in no backup.
 *
 * @param cpuPercentage taken, and not used: how many threads move the bytes is the host's setting
 * @param rolesOptions {@code noRestore}, which it is where it is absent; {@code all} is refused
 * @param usersOptions likewise
 */
@Schema(additionalProperties = Schema.AdditionalPropertiesValue.FALSE)
public record RestoreConfig(
    @JsonProperty("CPUPercentage")
        @JsonAlias("cpuPercentage")
        @Schema(minimum = "1", maximum = "80")
        @Nullable Integer cpuPercentage,
    @Schema(type = "string", allowableValues = "noRestore") @Nullable String rolesOptions,
    @Schema(type = "string", allowableValues = "noRestore") @Nullable String usersOptions) {}
