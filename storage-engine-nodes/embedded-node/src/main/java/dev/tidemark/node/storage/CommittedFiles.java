package dev.tidemark.node.storage;

import io.micronaut.core.annotation.Introspected;
import java.util.List;

/** The files of a restored shard, all proven, and how many objects are in them. */
@Introspected
public record CommittedFiles(List<FileDigest> files, long objects) {}
