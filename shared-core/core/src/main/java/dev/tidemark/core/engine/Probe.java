package dev.tidemark.core.engine;

/**
 * A question about a shard that is asked before a backup, after it, and of what was restored from
 * it.
 *
 * @param question in the engine's own words, at most 1 KiB
 */
public record Probe(String collection, String shard, String question) {

  /** The same question, of the shard under the name that a restore gives its collection. */
  public Probe in(String renamed) {
    return new Probe(renamed, shard, question);
  }
}
