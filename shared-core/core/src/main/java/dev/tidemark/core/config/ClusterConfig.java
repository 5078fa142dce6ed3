package dev.tidemark.core.config;

/**
 * A cluster by its configured name.
 *
 * @param engine the kind of database, like {@code directory}
 * @param vault where its backups go unless a request says otherwise; the name of a configured vault
 * @param width how many units of one node are worked at once
 * @param options what that engine's schema asks for
 */
public record ClusterConfig(String name, String engine, String vault, int width, Options options) {

  static ClusterConfig of(String name, Options options) {
    return new ClusterConfig(
        name,
        options.text("engine"),
        options.text("vault"),
        (int) options.number("width"),
        options);
  }
}
