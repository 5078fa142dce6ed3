package dev.tidemark.core.config;

import dev.tidemark.core.vault.Compression;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What holds for all clusters and vaults.
 *
 * @param state the folder of the local host; null where it is not configured
 * @param slice how long one invocation works before it hands on
 * @param width how many units of one node are worked at once, where the cluster does not say
 * @param workers how many items the local host works at once
 * @param attempts how often in a row a step may fail without progress before its run fails
 * @param resumeWindow how long a failed run keeps what it needs to be resumed
 * @param compression where the vault does not say
 * @param chunkMebibytes likewise; as used, so a multiple of 8 from 8 to 56
 */
public record Settings(
    @Nullable Path state,
    Duration slice,
    int width,
    int workers,
    int attempts,
    Duration resumeWindow,
    Compression compression,
    int chunkMebibytes) {

  static Settings of(Options options) {
    return new Settings(
        options.has("state") ? options.path("state") : null,
        options.duration("slice"),
        (int) options.number("width"),
        (int) options.number("workers"),
        (int) options.number("attempts"),
        options.duration("resumeWindow"),
        Compression.named(options.text("compression")).orElseThrow(),
        (int) options.number("chunkSize"));
  }
}
