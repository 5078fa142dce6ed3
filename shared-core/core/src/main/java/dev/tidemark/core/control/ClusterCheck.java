package dev.tidemark.core.control;

import dev.tidemark.core.engine.Condition;
import dev.tidemark.core.engine.Condition.Verdict;
import java.util.List;

/**
 * What backups of a cluster need, and how it was found.
 *
 * @param engine the kind of database
 */
public record ClusterCheck(String name, String engine, List<Condition> conditions) {

  /** Whether nothing is in the way of a backup. */
  public boolean good() {
    return conditions.stream().noneMatch(each -> each.verdict() == Verdict.BAD);
  }
}
