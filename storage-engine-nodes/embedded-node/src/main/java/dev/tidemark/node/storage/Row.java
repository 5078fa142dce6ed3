package dev.tidemark.node.storage;

/** An object as its database keeps it. */
@SuppressWarnings("ArrayRecordComponent") // Compared nowhere.
record Row(byte[] key, byte[] value) {}
