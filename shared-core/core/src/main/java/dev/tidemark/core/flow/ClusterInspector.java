package dev.tidemark.core.flow;

import dev.tidemark.core.engine.ClusterDescription;
import dev.tidemark.core.engine.Condition;
import dev.tidemark.core.engine.StorageEngine;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Looks at a cluster as who requests a backup of all of it does, and starts nothing. */
final class ClusterInspector {
  private static final String TELLS = "the cluster tells what it has";
  private static final String ALL = "everything is included";

  /** Things named in a condition. */
  private static final int SHOWN = 5;

  private final Site site;

  ClusterInspector(Site site) {
    this.site = site;
  }

  List<Condition> inspect(String cluster) {
    StorageEngine engine = site.engine(site.newest(), cluster);
    List<Condition> conditions = new ArrayList<>();
    List<String> collections = new ArrayList<>();
    List<Condition> coverage = new ArrayList<>();
    conditions.add(
        Condition.of(
            TELLS,
            () -> {
              ClusterDescription now = engine.catalog().describe();
              collections.addAll(now.collections());
              coverage.add(coverage(now.notIncluded()));
              return "version %s, %d nodes, %d collections"
                  .formatted(now.version(), now.nodes().size(), now.collections().size());
            }));
    conditions.addAll(coverage);
    conditions.addAll(engine.source().inspect(collections));
    return conditions;
  }

  private static Condition coverage(Map<String, String> notIncluded) {
    if (notIncluded.isEmpty()) {
      return Condition.good(ALL, "");
    }
    String first =
        notIncluded.entrySet().stream()
            .limit(SHOWN)
            .map(each -> each.getKey() + ": " + each.getValue())
            .collect(Collectors.joining("; "));
    return Condition.warning(ALL, "not included: %d, %s".formatted(notIncluded.size(), first), "");
  }
}
