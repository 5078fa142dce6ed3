package dev.tidemark.node.cluster;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.tidemark.node.schema.Restore.State;
import io.micronaut.core.annotation.Introspected;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A shard in a restore, as its node tells of it.
 *
 * @param node that has it; of another node than the one that is asked, nothing that follows is
 *     known but the generation, and whether the restore is published
 * @param place another one for each time that it is begun anew; null where it is not begun
 * @param objects null until it is committed
 * @param files with their sizes as they are on the disk
 */
@Introspected
@JsonInclude(JsonInclude.Include.ALWAYS)
public record RestoredShardView(
    String token,
    String collection,
    String shard,
    String node,
    String generation,
    @Nullable String place,
    State state,
    @Nullable Long objects,
    List<File> files) {
  /** A file as far as it is on the disk. */
  @Introspected
  public record File(String name, long size) {}
}
