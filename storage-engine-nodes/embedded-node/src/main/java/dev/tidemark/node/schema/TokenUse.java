package dev.tidemark.node.schema;

import java.time.Instant;

/** The request for which a token was used, so that the same request gets the same answer. */
public record TokenUse(String digest, String collection, Instant usedAt) {}
