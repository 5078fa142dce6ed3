package dev.tidemark.node.storage;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.micronaut.core.annotation.Introspected;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A shard as it was at one moment.
 *
 * @param objects how many are in it
 * @param files null in lists
 */
@Introspected
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Snapshot(
    String collection,
    String shard,
    String name,
    String generation,
    Instant createdAt,
    Instant expiresAt,
    long objects,
    long bytes,
    @Nullable List<SnapshotFile> files) {
  Snapshot until(Instant expiry) {
    return new Snapshot(
        collection, shard, name, generation, createdAt, expiry, objects, bytes, files);
  }

  Snapshot withoutFiles() {
    return new Snapshot(
        collection, shard, name, generation, createdAt, expiresAt, objects, bytes, null);
  }
}
