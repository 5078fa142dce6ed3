package dev.tidemark.node.storage;

import java.util.List;

/** Digests of files that never change. */
record KnownDigests(List<SnapshotFile> files) {}
