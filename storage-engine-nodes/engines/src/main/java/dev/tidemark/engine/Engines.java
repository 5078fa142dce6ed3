package dev.tidemark.engine;

import dev.tidemark.core.config.ClusterConfig;
import dev.tidemark.core.config.Schema;
import dev.tidemark.core.engine.StorageEngine;
import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.failure.PermanentFailure.Kind;
import dev.tidemark.core.secret.SecretStore;
import dev.tidemark.core.staging.StagingAreas;
import dev.tidemark.engine.directory.DirectoryConfig;
import dev.tidemark.engine.directory.DirectoryEngine;
import dev.tidemark.engine.embedded.EmbeddedConfig;
import dev.tidemark.engine.embedded.EmbeddedEngine;
import dev.tidemark.engine.weaviate.WeaviateConfig;
import dev.tidemark.engine.weaviate.WeaviateEngine;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** The one list of engines. */
public final class Engines {

  /** Opens a client of a configured cluster. */
  private interface Opening {
    StorageEngine open(ClusterConfig cluster, Surroundings surroundings);
  }

  /** What an engine's client needs beside its configuration. */
  private record Surroundings(
      SecretStore secrets, StagingAreas areas, Path state, InstantSource clock) {}

  /** What an engine's clusters may have in the configuration, on a host with these stores. */
  private interface Keys {
    Schema of(Map<String, Schema> stores);
  }

  private record Engine(Keys keys, Opening opening) {}

  private static final Map<String, Engine> ALL =
      Map.of(
          "directory",
          new Engine(
              stores -> DirectoryConfig.SCHEMA,
              (cluster, with) ->
                  new DirectoryEngine(
                      DirectoryConfig.of(cluster.name(), cluster.options()),
                      with.state(),
                      with.clock())),
          "embedded",
          new Engine(
              stores -> EmbeddedConfig.SCHEMA,
              (cluster, with) ->
                  new EmbeddedEngine(
                      EmbeddedConfig.of(cluster.name(), cluster.options()), with.secrets())),
          "weaviate",
          new Engine(WeaviateConfig::schema, Engines::weaviate));

  private Engines() {}

  private static StorageEngine weaviate(ClusterConfig cluster, Surroundings with) {
    WeaviateConfig config = WeaviateConfig.of(cluster.name(), cluster.options());
    return new WeaviateEngine(
        config, with.secrets(), with.areas().open(config.staging()), with.clock());
  }

  /**
   * What each engine's clusters may have in the configuration, by the engine's name.
   *
   * @param stores the settings of each kind of store that the host opens staging areas in
   */
  public static Map<String, Schema> schemas(Map<String, Schema> stores) {
    var schemas = new TreeMap<String, Schema>();
    ALL.forEach((name, engine) -> schemas.put(name, engine.keys().of(stores)));
    return schemas;
  }

  /**
   * A client of a cluster, for as long as the host lives; opening one asks nothing of the cluster.
   *
   * @param areas opens what an engine's configuration names as its staging area
   * @param state the host's folder for what engines remember between processes; each cluster uses
   *     one of its own below it
   * @throws PermanentFailure INVALID where the configuration makes no sense
   */
  public static StorageEngine open(
      ClusterConfig cluster,
      SecretStore secrets,
      StagingAreas areas,
      Path state,
      InstantSource clock) {
    Engine engine = ALL.get(cluster.engine());
    if (engine == null) {
      throw PermanentFailure.of(Kind.INVALID, "clusters." + cluster.name() + ".engine")
          .expected("one of " + String.join(", ", new TreeSet<>(ALL.keySet())))
          .found(cluster.engine());
    }
    return engine
        .opening()
        .open(cluster, new Surroundings(secrets, areas, state.resolve(cluster.name()), clock));
  }
}
