package dev.tidemark.core.control;

import dev.tidemark.core.vault.Compression;

/**
 * A vault of the configuration.
 *
 * @param store the kind of store it lies in, like {@code filesystem}
 * @param path where it is, in words for a person
 * @param compression for backups that do not say otherwise
 * @param chunkMebibytes likewise
 */
public record ConfiguredVault(
    String name, String store, String path, Compression compression, int chunkMebibytes) {}
