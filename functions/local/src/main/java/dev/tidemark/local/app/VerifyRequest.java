package dev.tidemark.local.app;

import dev.tidemark.core.control.VaultPlace;
import org.jspecify.annotations.Nullable;

/**
 * What to verify.
 *
 * @param backup its id; null for every sealed backup that matches the rest
 * @param cluster null for any
 * @param vault null for all of the configuration
 */
public record VerifyRequest(
    @Nullable String backup, @Nullable String cluster, @Nullable VaultPlace vault, Level level) {

  /** How deep it goes. */
  public sealed interface Level {}

  /** Everything but the content: every object is there, and what describes content is intact. */
  public record Structure() implements Level {}

  /**
   * As {@link Structure}, and a share of the content is read.
   *
   * @param percent above 0, up to 100
   */
  public record Sample(double percent) implements Level {}

  /** As {@link Structure}, and all content is read. */
  public record Full() implements Level {}
}
