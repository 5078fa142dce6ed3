package dev.tidemark.api.json;

import com.fasterxml.jackson.annotation.JsonAlias;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * How a backup is made; in an answer, as used. The names with a small first letter are taken too.
 *
 * @param compressionLevel one of Weaviate's seven names; those of gzip mean the zstd level of the
 *     same word
 * @param chunkSize in MiB; used rounded to a multiple of 8 from 8 to 56
 * @param cpuPercentage taken as Weaviate's clients send it; how many threads move the bytes is the
 *     host's setting
 */
@Schema(additionalProperties = Schema.AdditionalPropertiesValue.FALSE)
public record BackupConfig(
    @JsonProperty("CompressionLevel")
        @JsonAlias("compressionLevel")
        @Schema(
            type = "string",
            allowableValues = {
              "DefaultCompression",
              "BestSpeed",
              "BestCompression",
              "ZstdDefaultCompression",
              "ZstdBestSpeed",
              "ZstdBestCompression",
              "NoCompression"
            })
        @Nullable String compressionLevel,
    @JsonProperty("ChunkSize") @JsonAlias("chunkSize") @Schema(minimum = "2", maximum = "512")
        @Nullable Integer chunkSize,
    @JsonProperty("CPUPercentage")
        @JsonAlias("cpuPercentage")
        @Schema(minimum = "1", maximum = "80")
        @Nullable Integer cpuPercentage) {}
