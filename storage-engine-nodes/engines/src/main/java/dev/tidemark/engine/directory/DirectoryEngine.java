package dev.tidemark.engine.directory;

import dev.tidemark.core.engine.Catalog;
import dev.tidemark.core.engine.Guard;
import dev.tidemark.core.engine.Source;
import dev.tidemark.core.engine.StorageEngine;
import dev.tidemark.core.engine.Target;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;

/** Directories on this machine as a cluster. */
public final class DirectoryEngine implements StorageEngine {
  private final DirectoryConfig config;
  private final Path state;
  private final InstantSource clock;

  /**
   * @param state a folder that only clients of this cluster use, shared by all processes that run
   *     its backups; made when first needed
   */
  public DirectoryEngine(DirectoryConfig config, Path state, InstantSource clock) {
    this.config = config;
    this.state = state.toAbsolutePath();
    this.clock = clock;
  }

  @Override
  public Catalog catalog() {
    return new DirectoryCatalog(config, state);
  }

  @Override
  public Source source() {
    return new DirectorySource(config, state, clock);
  }

  @Override
  public Target target() {
    return new DirectoryTarget(config, state);
  }

  @Override
  public Optional<Guard> guard() {
    return Optional.empty();
  }
}
