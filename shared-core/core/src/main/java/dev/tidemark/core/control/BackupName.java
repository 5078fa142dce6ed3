package dev.tidemark.core.control;

import org.jspecify.annotations.Nullable;

/**
 * Which backup is meant. Where an id alone is not unique, the cluster or the vault decides.
 *
 * @param id {@code [a-z0-9_-]{1,128}}
 * @param cluster the cluster's name; null for any
 * @param vault null for any of the configuration
 */
public record BackupName(String id, @Nullable String cluster, @Nullable VaultPlace vault) {}
