package dev.tidemark.engine.weaviate;

import dev.tidemark.core.engine.Catalog;
import dev.tidemark.core.engine.Guard;
import dev.tidemark.core.engine.Source;
import dev.tidemark.core.engine.StorageEngine;
import dev.tidemark.core.engine.Target;
import dev.tidemark.core.secret.SecretStore;
import dev.tidemark.core.staging.StagingArea;
import java.time.InstantSource;
import java.util.Optional;

/** A cluster of Weaviate. */
public final class WeaviateEngine implements StorageEngine {
  private final WeaviateConfig config;
  private final Weaviate server;
  private final StagingArea area;
  private final InstantSource clock;

  /**
   * @param area where the server's backend keeps its backups
   */
  public WeaviateEngine(
      WeaviateConfig config, SecretStore secrets, StagingArea area, InstantSource clock) {
    this.config = config;
    this.server = new Weaviate(config, secrets);
    this.area = area;
    this.clock = clock;
  }

  @Override
  public Catalog catalog() {
    return new WeaviateCatalog(server, config, area);
  }

  @Override
  public Source source() {
    return new WeaviateSource(server, config, area, clock);
  }

  @Override
  public Target target() {
    return new WeaviateTarget(server, config, area, clock);
  }

  /** The server pauses its compactions itself, for as long as it copies. */
  @Override
  public Optional<Guard> guard() {
    return Optional.empty();
  }
}
