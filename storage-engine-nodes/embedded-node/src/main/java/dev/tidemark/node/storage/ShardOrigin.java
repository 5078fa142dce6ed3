package dev.tidemark.node.storage;

import org.jspecify.annotations.Nullable;

/**
 * What a generation's folder was made for; for a person who looks into it.
 *
 * @param place of a restored shard, minted when its folder is made; null for all others
 */
record ShardOrigin(
    String collection, String shard, String generation, boolean restored, @Nullable String place) {}
