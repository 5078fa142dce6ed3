package dev.tidemark.core.config;

import dev.tidemark.core.vault.Compression;

/**
 * A vault by its configured name.
 *
 * @param store the kind of store it lies in, like {@code filesystem}
 * @param options what that store's schema asks for
 * @param compression for backups that do not say otherwise
 * @param chunkMebibytes likewise; as used, so a multiple of 8 from 8 to 56
 */
public record VaultConfig(
    String name, String store, Options options, Compression compression, int chunkMebibytes) {

  static VaultConfig of(String name, Options options) {
    return new VaultConfig(
        name,
        options.text("store"),
        options,
        Compression.named(options.text("compression")).orElseThrow(),
        (int) options.number("chunkSize"));
  }
}
