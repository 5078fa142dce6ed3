package dev.tidemark.core.memory;

import dev.tidemark.core.engine.Catalog;
import dev.tidemark.core.engine.Guard;
import dev.tidemark.core.engine.RunToken;
import dev.tidemark.core.engine.Source;
import dev.tidemark.core.engine.StorageEngine;
import dev.tidemark.core.engine.Target;
import java.time.Duration;
import java.util.Optional;

/** A client of an {@link InMemoryCluster}; it remembers nothing itself. */
public final class InMemoryEngine implements StorageEngine {
  private final InMemoryCluster cluster;

  public InMemoryEngine(InMemoryCluster cluster) {
    this.cluster = cluster;
  }

  @Override
  public Catalog catalog() {
    return new InMemoryCatalog(cluster);
  }

  @Override
  public Source source() {
    return new InMemorySource(cluster);
  }

  @Override
  public Target target() {
    return new InMemoryTarget(cluster);
  }

  @Override
  public Optional<Guard> guard() {
    return Optional.of(new ExpiringGuard(cluster));
  }

  private record ExpiringGuard(InMemoryCluster cluster) implements Guard {
    @Override
    public void take(RunToken token, Duration timeToLive) {
      synchronized (cluster) {
        cluster.guards.put(token, cluster.clock.instant().plus(timeToLive));
      }
    }

    @Override
    public void drop(RunToken token) {
      synchronized (cluster) {
        cluster.guards.remove(token);
      }
    }

    @Override
    public Duration timeToLive() {
      return Duration.ofMinutes(15);
    }
  }
}
