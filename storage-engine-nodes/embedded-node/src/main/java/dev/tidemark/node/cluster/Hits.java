package dev.tidemark.node.cluster;

import dev.tidemark.node.storage.Hit;
import io.micronaut.core.annotation.Introspected;
import java.util.List;

/** What a search found, nearest first. */
@Introspected
public record Hits(List<Hit> hits) {}
