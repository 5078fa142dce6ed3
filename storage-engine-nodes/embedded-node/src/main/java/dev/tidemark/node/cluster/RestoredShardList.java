package dev.tidemark.node.cluster;

import io.micronaut.core.annotation.Introspected;
import java.util.List;

/** The shards of one restore that one node has begun. */
@Introspected
public record RestoredShardList(List<RestoredShardView> shards) {}
