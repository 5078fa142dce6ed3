package dev.tidemark.core.engine;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What there is on an engine. Reads only, and changes nothing. */
public interface Catalog {

  /**
   * The cluster as it is now.
   *
   * @throws dev.tidemark.core.failure.TransientFailure where the engine does not answer
   * @throws dev.tidemark.core.failure.PermanentFailure where it cannot be backed up as it is
   */
  ClusterDescription describe();

  /**
   * The fingerprint of {@link #describe} as it is now, by a question that is cheap enough to be
   * asked for one shard.
   *
   * @throws dev.tidemark.core.failure.TransientFailure where the engine does not answer
   */
  String fingerprint();

  /**
   * The shards of all collections, ordered by canonical name, in pages.
   *
   * @param after a shard's canonical name; only later ones are answered; null for the first page
   * @param limit 1 to 1 000
   * @return at most {@code limit}; an empty page where there are no more
   */
  List<Shard> shards(@Nullable String after, int limit);

  /**
   * What can be counted in the given collections: the same before and after a restore, and within
   * the bracket of two counts taken around a snapshot. Empty where the engine counts nothing; what
   * cannot be counted now is left out, never 0.
   *
   * @throws dev.tidemark.core.failure.TransientFailure where a node does not answer that has to
   */
  Census census(List<String> collections);

  /**
   * The definitions of collections, in the engine's own form, for {@link Target#prepare}; empty
   * where collections need none.
   */
  String schema(List<String> collections);

  /**
   * Chooses questions whose answers tell whether a shard holds what it held: sampled objects,
   * golden queries. Few, and quick to answer; none where the engine cannot be asked.
   */
  List<Probe> probes(Shard shard);

  /**
   * Answers questions; one that has no answer any more (its object was deleted) is left out. Equal
   * answers mean equal content: vectors bit for bit, hits in their order.
   */
  Map<Probe, String> answers(List<Probe> probes);

  /** Names on the engine that begin with {@code tidemark-<deployment>-}: what runs left or hold. */
  List<String> leftovers(String deployment);
}
