package dev.tidemark.node.storage;

/** What a generation's folder was made for; for a person who looks into it. */
record ShardOrigin(String collection, String shard, String generation, boolean restored) {}
