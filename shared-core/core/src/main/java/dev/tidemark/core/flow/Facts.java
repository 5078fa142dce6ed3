package dev.tidemark.core.flow;

import dev.tidemark.core.engine.Catalog;
import dev.tidemark.core.engine.ClusterDescription;
import dev.tidemark.core.engine.Probe;
import dev.tidemark.core.engine.Shard;
import dev.tidemark.core.vault.CensusText;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a backup's manifest says beside what its units do: what is missing, and what the engine
 * counted and answered before the first snapshot and after the last one.
 */
final class Facts {
  /** Of so many shards, spread over all, objects are asked for. */
  private static final int SHARDS_ASKED = 64;

  /** In no name. */
  private static final String SEPARATOR = "\u0000";

  private static final String MISSING = "missing";
  private static final String INCLUDED = "included";
  private static final String UNREACHABLE = "unreachable";
  private static final String BEFORE = "before";
  private static final String AFTER = "after";
  private static final String ASKED = "asked";
  private static final String AGAIN = "again";

  private final FactRows rows;

  Facts(Ledger ledger) {
    this.rows = new FactRows(ledger);
  }

  /** Keeps what is there before anything is prepared. */
  void keepBefore(
      RunRow run, ClusterDescription description, List<String> collections, Catalog catalog) {
    if (!rows.kept(run.id(), MISSING)) {
      rows.keep(run.id(), MISSING, description.notIncluded());
    }
    if (!rows.kept(run.id(), INCLUDED)) {
      Map<String, String> included = new TreeMap<>(description.alsoIncluded());
      // A collection that is not wanted has no say.
      included
          .keySet()
          .removeIf(
              name -> description.collections().contains(name) && !collections.contains(name));
      rows.keep(run.id(), INCLUDED, included);
    }
    if (!rows.kept(run.id(), UNREACHABLE)) {
      Map<String, String> nodes = new TreeMap<>();
      description.unreachable().forEach(node -> nodes.put(node, ""));
      rows.keep(run.id(), UNREACHABLE, nodes);
    }
    if (!rows.kept(run.id(), BEFORE)) {
      rows.keep(run.id(), BEFORE, counts(catalog, collections));
    }
  }

  /** Keeps the answers of shards that are going to be read. */
  void keepAnswers(RunRow run, List<Shard> shards, Catalog catalog) {
    if (rows.kept(run.id(), ASKED)) {
      return;
    }
    List<Probe> probes = new ArrayList<>();
    int step = Math.max(1, (shards.size() + SHARDS_ASKED - 1) / SHARDS_ASKED);
    for (int i = 0; i < shards.size(); i += step) {
      probes.addAll(catalog.probes(shards.get(i)));
    }
    rows.keep(run.id(), ASKED, answers(catalog, probes));
  }

  /** Keeps what is there after the last snapshot. */
  void keepAfter(RunRow run, List<String> collections, Catalog catalog) {
    if (!rows.read(run.id(), BEFORE).isEmpty() && !rows.kept(run.id(), AFTER)) {
      rows.keep(run.id(), AFTER, counts(catalog, collections));
    }
    Map<String, String> asked = rows.read(run.id(), ASKED);
    if (!asked.isEmpty() && !rows.kept(run.id(), AGAIN)) {
      rows.keep(
          run.id(), AGAIN, answers(catalog, asked.keySet().stream().map(Facts::probe).toList()));
    }
  }

  Map<String, String> missing(RunRow run) {
    return rows.read(run.id(), MISSING);
  }

  Map<String, String> alsoIncluded(RunRow run) {
    return rows.read(run.id(), INCLUDED);
  }

  long unreachable(RunRow run) {
    return rows.read(run.id(), UNREACHABLE).size();
  }

  /** What was counted twice, and what was answered twice the same. */
  CensusText.Census census(RunRow run) {
    Map<String, String> after = rows.read(run.id(), AFTER);
    List<CensusText.Count> counts = new ArrayList<>();
    rows.read(run.id(), BEFORE)
        .forEach(
            (name, count) -> {
              String later = after.get(name);
              if (later != null) {
                counts.add(
                    new CensusText.Count(name, Long.parseLong(count), Long.parseLong(later)));
              }
            });
    Map<String, String> again = rows.read(run.id(), AGAIN);
    List<CensusText.Answer> answers = new ArrayList<>();
    rows.read(run.id(), ASKED)
        .forEach(
            (key, answer) -> {
              if (answer.equals(again.get(key))) {
                answers.add(new CensusText.Answer(probe(key), answer));
              }
            });
    return new CensusText.Census(counts, answers);
  }

  private static Map<String, String> counts(Catalog catalog, List<String> collections) {
    Map<String, String> counts = new TreeMap<>();
    catalog.census(collections).counts().forEach((name, n) -> counts.put(name, n.toString()));
    return counts;
  }

  private static Map<String, String> answers(Catalog catalog, List<Probe> probes) {
    Map<String, String> answers = new HashMap<>();
    catalog.answers(probes).forEach((probe, answer) -> answers.put(key(probe), answer));
    return answers;
  }

  private static String key(Probe probe) {
    return probe.collection() + SEPARATOR + probe.shard() + SEPARATOR + probe.question();
  }

  private static Probe probe(String key) {
    String[] parts = key.split(SEPARATOR, 3);
    return new Probe(parts[0], parts[1], parts[2]);
  }
}
