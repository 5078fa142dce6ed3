package dev.tidemark.core.flow;

import dev.tidemark.core.engine.Catalog;
import dev.tidemark.core.engine.Probe;
import dev.tidemark.core.engine.Shard;
import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.failure.TransientFailure;
import dev.tidemark.core.vault.CensusText;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Asks an engine what a backup says of its content: counts in their brackets, equal answers. */
record CensusCheck(RunRow run, RestoreMapping mapping, Catalog catalog) {

  static CensusCheck of(RunRow run, RestoreMapping mapping, Catalog catalog) {
    return new CensusCheck(run, mapping, catalog);
  }

  /**
   * @param restored the shards as they were backed up
   * @throws PermanentFailure FAILED where the engine shows something else
   * @throws TransientFailure where it does not show all
   */
  void check(Archive archive, List<Shard> restored) {
    CensusText.Census census =
        archive
            .vault()
            .manifest(run.clusterId(), run.backupId())
            .map(archive::census)
            .orElse(new CensusText.Census(List.of(), List.of()));
    if (!census.counts().isEmpty()) {
      checkCounts(census.counts(), restored);
    }
    if (!census.answers().isEmpty()) {
      checkAnswers(census.answers(), restored);
    }
  }

  private void checkCounts(List<CensusText.Count> brackets, List<Shard> restored) {
    Map<String, Shard> byName = byName(restored);
    Set<String> collections = new TreeSet<>();
    restored.forEach(shard -> collections.add(mapping.collection(shard.collection())));
    Map<String, Long> now = catalog.census(List.copyOf(collections)).counts();
    Map<String, Shard> whole = wholeCollections(restored);
    for (CensusText.Count bracket : brackets) {
      Shard shard = byName.getOrDefault(bracket.name(), whole.get(bracket.name()));
      if (shard != null) {
        String counted =
            new Shard(mapping.collection(shard.collection()), shard.shard(), "", 0).canonicalName();
        Long found = now.get(counted);
        if (found == null) {
          throw new TransientFailure(counted + " could not be counted: its node does not tell");
        }
        requireInBracket(bracket, counted, found);
      }
    }
  }

  private static Map<String, Shard> byName(List<Shard> shards) {
    Map<String, Shard> byName = new HashMap<>();
    shards.forEach(shard -> byName.put(shard.canonicalName(), shard));
    return byName;
  }

  /**
   * Collections of which all shards are restored, as a shard without a name: an engine may count
   * objects of a collection that it cannot count in its shards.
   */
  private Map<String, Shard> wholeCollections(List<Shard> shards) {
    Map<String, Shard> whole = new HashMap<>();
    boolean some =
        Stream.concat(run.wish().include().stream(), run.wish().exclude().stream())
            .anyMatch(pattern -> pattern.contains("/"));
    if (!some) {
      for (Shard each : shards) {
        var collection = new Shard(each.collection(), "", "", 0);
        whole.put(collection.canonicalName(), collection);
      }
    }
    return whole;
  }

  private void requireInBracket(CensusText.Count bracket, String counted, long found) {
    long least = Math.min(bracket.before(), bracket.after());
    long most = Math.max(bracket.before(), bracket.after());
    if (found < least || found > most) {
      throw PermanentFailure.of(PermanentFailure.Kind.FAILED, "restore " + run.id())
          .expected("between " + least + " and " + most + " in " + counted)
          .found(String.valueOf(found))
          .hint("verify the backup, and look at the engine's own log");
    }
  }

  private void checkAnswers(List<CensusText.Answer> answers, List<Shard> restored) {
    Set<String> names = byName(restored).keySet();
    List<CensusText.Answer> expected = new ArrayList<>();
    for (CensusText.Answer answer : answers) {
      Probe probe = answer.probe();
      if (names.contains(new Shard(probe.collection(), probe.shard(), "", 0).canonicalName())) {
        expected.add(
            new CensusText.Answer(
                probe.in(mapping.collection(probe.collection())), answer.answer()));
      }
    }
    Map<Probe, String> found =
        catalog.answers(expected.stream().map(CensusText.Answer::probe).toList());
    for (CensusText.Answer each : expected) {
      if (!each.answer().equals(found.get(each.probe()))) {
        throw PermanentFailure.of(PermanentFailure.Kind.FAILED, "restore " + run.id())
            .expected(
                "'%s' of %s/%s to answer %s"
                    .formatted(
                        each.probe().question(),
                        each.probe().collection(),
                        each.probe().shard(),
                        each.answer()))
            .found(found.getOrDefault(each.probe(), "no answer"))
            .hint("verify the backup, and look at the engine's own log");
      }
    }
  }
}
