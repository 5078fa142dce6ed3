package dev.tidemark.api.json;

import dev.tidemark.core.control.ClusterView;
import org.jspecify.annotations.Nullable;

/**
 * A cluster of the configuration.
 *
 * @param vault where its backups go unless a request says otherwise
 * @param width how many units of one node are worked at once
 * @param active the run that may touch its engine now
 */
public record Cluster(
    String name, String engine, String vault, int width, @Nullable String active) {

  public static Cluster of(ClusterView view) {
    return new Cluster(view.name(), view.engine(), view.vault(), view.width(), view.active());
  }

  public ClusterView view() {
    return new ClusterView(name, engine, vault, width, active);
  }
}
