package dev.tidemark.core.staging;

/**
 * A part of an upload that is stored.
 *
 * @param number from 1
 * @param size in bytes
 * @param tag the store's word for what the part holds, which completing the upload asks for
 */
public record StagedPart(int number, long size, String tag) {}
