package dev.tidemark.api.json;

import dev.tidemark.core.control.ConfiguredVault;
import dev.tidemark.core.vault.Compression;

/**
 * A vault of the configuration.
 *
 * @param store the kind of store it lies in
 * @param path where it is, in words
 * @param config for backups that do not say otherwise
 */
public record Vault(String name, String store, String path, BackupConfig config) {

  public static Vault of(ConfiguredVault vault) {
    return new Vault(
        vault.name(),
        vault.store(),
        vault.path(),
        new BackupConfig(vault.compression().word(), vault.chunkMebibytes(), null));
  }

  public ConfiguredVault view() {
    return new ConfiguredVault(
        name,
        store,
        path,
        Compression.named(String.valueOf(config.compressionLevel())).orElse(Compression.DEFAULT),
        config.chunkSize() == null ? 0 : config.chunkSize());
  }
}
