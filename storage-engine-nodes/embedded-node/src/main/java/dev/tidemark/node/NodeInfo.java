package dev.tidemark.node;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.tidemark.node.storage.Disk;
import dev.tidemark.node.storage.ShardLine;
import io.micronaut.core.annotation.Introspected;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A node as it tells of itself.
 *
 * @param incarnation minted when its data folder was new
 * @param clusterId null until it knows the schema
 */
@Introspected
@JsonInclude(JsonInclude.Include.ALWAYS)
public record NodeInfo(
    String name,
    String incarnation,
    @Nullable String clusterId,
    String version,
    long schemaVersion,
    Status status,
    Disk.Use disk,
    List<ShardLine> shards) {
  /** Whether it can be used. */
  public enum Status {
    STARTING,
    READY
  }
}
