package dev.tidemark.core.blob;

/**
 * The answer to a create: this call's bytes are the object, or another object was there before.
 *
 * @param existed false: created now (or by an earlier try of the same call); true: nothing changed
 * @param size the object's size in bytes
 * @param checksum of the object's stored bytes, or {@link Checksum#NONE}
 */
public record Creation(boolean existed, long size, Checksum checksum) {}
