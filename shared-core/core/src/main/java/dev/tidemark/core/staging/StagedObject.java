package dev.tidemark.core.staging;

import java.time.Instant;

/**
 * An object of a staging area.
 *
 * @param size in bytes
 * @param version differs whenever the object was written anew, as far as the store can tell
 * @param written when, by the store's clock
 */
public record StagedObject(String key, long size, String version, Instant written) {}
