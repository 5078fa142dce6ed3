package dev.tidemark.core.blob;

import java.time.Instant;

/**
 * What a store knows of an object without reading it.
 *
 * @param size in bytes
 * @param checksum what the store verified or computes of the stored bytes; {@link Checksum#NONE}
 *     where it tells only by {@link BlobStore#head}, or not at all
 * @param storageClass the store's own word; empty where it has none
 * @param created the store's time
 */
public record BlobInfo(
    String key, long size, Checksum checksum, String storageClass, Instant created) {}
