package dev.tidemark.node.storage;

import java.util.SortedMap;

/** How many bytes of each file are on the disk for sure. */
record SyncedFiles(SortedMap<String, Long> sizes) {}
