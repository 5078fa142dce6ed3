package dev.tidemark.core.flow;

import dev.tidemark.core.engine.Catalog;
import dev.tidemark.core.engine.Shard;
import java.util.List;
import java.util.function.Consumer;

/** Walks all shards of a cluster, page by page. */
final class ShardPages {
  private static final int PAGE = 1_000;

  private ShardPages() {}

  static void each(Catalog catalog, Consumer<Shard> visit) {
    List<Shard> page = catalog.shards(null, PAGE);
    while (!page.isEmpty()) {
      page.forEach(visit);
      page = catalog.shards(page.get(page.size() - 1).canonicalName(), PAGE);
    }
  }
}
