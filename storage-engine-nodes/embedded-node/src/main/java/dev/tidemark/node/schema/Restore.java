package dev.tidemark.node.schema;

import io.micronaut.core.annotation.Introspected;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * All that becomes visible at one moment.
 *
 * @param publishedAt null until then
 * @param aliases what publishing set
 */
@Introspected
public record Restore(
    String token,
    Instant begunAt,
    @Nullable Instant publishedAt,
    List<RestoredCollection> collections,
    List<Alias> aliases) {
  public State state() {
    return publishedAt == null ? State.BEGUN : State.PUBLISHED;
  }

  public Optional<RestoredCollection> collection(String name) {
    return collections.stream().filter(one -> one.collection().name().equals(name)).findFirst();
  }

  /** How far a restore, or one shard of it, is. */
  public enum State {
    BEGUN,
    COMMITTED,
    PUBLISHED
  }
}
