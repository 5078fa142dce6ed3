package dev.tidemark.engine.embedded;

import dev.tidemark.core.engine.Catalog;
import dev.tidemark.core.engine.Guard;
import dev.tidemark.core.engine.Source;
import dev.tidemark.core.engine.StorageEngine;
import dev.tidemark.core.engine.Target;
import dev.tidemark.core.secret.SecretStore;
import java.util.Optional;

/** A cluster of embedded nodes. */
public final class EmbeddedEngine implements StorageEngine {
  private final EmbeddedConfig config;
  private final Nodes nodes;

  public EmbeddedEngine(EmbeddedConfig config, SecretStore secrets) {
    this.config = config;
    this.nodes = new Nodes(config, secrets);
  }

  @Override
  public Catalog catalog() {
    return new EmbeddedCatalog(config, nodes);
  }

  @Override
  public Source source() {
    return new EmbeddedSource(config, nodes);
  }

  @Override
  public Target target() {
    return new EmbeddedTarget(config, nodes);
  }

  /** Snapshots are all the protection that is needed. */
  @Override
  public Optional<Guard> guard() {
    return Optional.empty();
  }
}
