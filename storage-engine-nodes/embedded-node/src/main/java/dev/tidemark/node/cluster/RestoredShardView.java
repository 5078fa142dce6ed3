package dev.tidemark.node.cluster;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.tidemark.node.schema.Restore.State;
import io.micronaut.core.annotation.Introspected;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A shard in a restore, as its node tells of it.
 *
 * @param objects null until it is committed
 * @param files with their sizes as they are on the disk
 */
@Introspected
@JsonInclude(JsonInclude.Include.ALWAYS)
public record RestoredShardView(
    String token,
    String collection,
    String shard,
    String generation,
    State state,
    @Nullable Long objects,
    List<File> files) {
  /** A file as far as it is on the disk. */
  @Introspected
  public record File(String name, long size) {}
}
