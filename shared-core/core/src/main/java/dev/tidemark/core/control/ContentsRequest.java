package dev.tidemark.core.control;

import dev.tidemark.core.tree.EntryPath;
import java.util.List;

/**
 * Which entries of a backup are wanted.
 *
 * @param paths {@code collection/shard/path}: each names an entry and all below it; empty for
 *     everything
 */
public record ContentsRequest(BackupName backup, List<EntryPath> paths) {}
