package dev.tidemark.api.json;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import dev.tidemark.core.control.ClusterCheck;
import java.util.List;

/**
 * What backups of a cluster need, and how it was found.
 *
 * @param engine the kind of database
 * @param good whether nothing is in the way of a backup
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record CheckedCluster(String name, String engine, boolean good, List<Condition> conditions) {

  public static CheckedCluster of(ClusterCheck check) {
    return new CheckedCluster(
        check.name(),
        check.engine(),
        check.good(),
        check.conditions().stream().map(Condition::of).toList());
  }

  public ClusterCheck view() {
    return new ClusterCheck(name, engine, conditions.stream().map(Condition::view).toList());
  }
}
