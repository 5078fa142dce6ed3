package dev.tidemark.node.storage;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.micronaut.core.annotation.Introspected;
import org.jspecify.annotations.Nullable;

/**
 * A shard as its node tells of it.
 *
 * @param reason why it is READONLY or LOST
 * @param objects null where it is LOST or RESTORING
 * @param bytes of its database's files
 */
@Introspected
@JsonInclude(JsonInclude.Include.ALWAYS)
public record ShardLine(
    String collection,
    String collectionId,
    String shard,
    String generation,
    ShardStatus status,
    @Nullable String reason,
    @Nullable Long objects,
    long bytes) {}
