package dev.tidemark.node.storage;

import dev.tidemark.node.failure.Problem;
import io.micronaut.core.annotation.Introspected;
import java.util.List;

/**
 * What became of a batch.
 *
 * @param stored how many are on disk
 * @param errors the others
 */
@Introspected
public record ImportOutcome(int stored, List<Refused> errors) {
  /**
   * An object that was not stored.
   *
   * @param index in the batch
   */
  @Introspected
  public record Refused(int index, String id, Problem problem) {}
}
