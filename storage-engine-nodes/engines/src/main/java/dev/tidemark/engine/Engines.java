package dev.tidemark.engine;

import dev.tidemark.core.config.ClusterConfig;
import dev.tidemark.core.config.Schema;
import dev.tidemark.core.engine.StorageEngine;
import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.failure.PermanentFailure.Kind;
import dev.tidemark.core.secret.SecretStore;
import dev.tidemark.engine.directory.DirectoryConfig;
import dev.tidemark.engine.directory.DirectoryEngine;
import dev.tidemark.engine.embedded.EmbeddedConfig;
import dev.tidemark.engine.embedded.EmbeddedEngine;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.TreeMap;

/** The one list of engines. */
public final class Engines {

  /** Opens a client of a configured cluster. */
  private interface Opening {
    StorageEngine open(ClusterConfig cluster, SecretStore secrets, Path state, InstantSource clock);
  }

  private record Engine(Schema schema, Opening opening) {}

  private static final Map<String, Engine> ALL =
      Map.of(
          "directory",
          new Engine(
              DirectoryConfig.SCHEMA,
              (cluster, secrets, state, clock) ->
                  new DirectoryEngine(
                      DirectoryConfig.of(cluster.name(), cluster.options()), state, clock)),
          "embedded",
          new Engine(
              EmbeddedConfig.SCHEMA,
              (cluster, secrets, state, clock) ->
                  new EmbeddedEngine(
                      EmbeddedConfig.of(cluster.name(), cluster.options()), secrets)));

  private Engines() {}

  /** What each engine's clusters may have in the configuration, by the engine's name. */
  public static Map<String, Schema> schemas() {
    var schemas = new TreeMap<String, Schema>();
    ALL.forEach((name, engine) -> schemas.put(name, engine.schema()));
    return schemas;
  }

  /**
   * A client of a cluster, for as long as the host lives; opening one asks nothing of the cluster.
   *
   * @param state the host's folder for what engines remember between processes; each cluster uses
   *     one of its own below it
   * @throws PermanentFailure INVALID where the configuration makes no sense
   */
  public static StorageEngine open(
      ClusterConfig cluster, SecretStore secrets, Path state, InstantSource clock) {
    Engine engine = ALL.get(cluster.engine());
    if (engine == null) {
      throw PermanentFailure.of(Kind.INVALID, "clusters." + cluster.name() + ".engine")
          .expected("one of " + String.join(", ", schemas().keySet()))
          .found(cluster.engine());
    }
    return engine.opening().open(cluster, secrets, state.resolve(cluster.name()), clock);
  }
}
