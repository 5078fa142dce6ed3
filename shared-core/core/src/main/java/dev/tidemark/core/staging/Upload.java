package dev.tidemark.core.staging;

import java.time.Instant;

/**
 * An object in the making.
 *
 * @param key of the object that it becomes
 * @param id the store's; with the key it finds the upload from any process
 * @param begun roughly, as clocks differ
 */
public record Upload(String key, String id, Instant begun) {}
