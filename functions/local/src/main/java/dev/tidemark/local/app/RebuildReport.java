package dev.tidemark.local.app;

import java.util.List;

/**
 * What a rebuild found in the vault.
 *
 * @param clusters how many incarnations of clusters
 * @param owned names of the clusters whose ownership was taken
 * @param leftovers what earlier runs left on engines
 * @param problems objects that could not be read, each a sentence
 */
public record RebuildReport(
    String vault,
    String path,
    long clusters,
    long backups,
    long deleted,
    List<String> owned,
    List<String> leftovers,
    List<String> problems) {}
