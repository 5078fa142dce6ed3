package dev.tidemark.core.flow;

import dev.tidemark.core.engine.Catalog;
import dev.tidemark.core.engine.Shard;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Walks all shards of a cluster, page by page. */
final class ShardPages {
  private static final int PAGE = 1_000;

  private ShardPages() {}

  /** Answers a page, as {@link Catalog#shards} does. */
  interface Pages {
    List<Shard> page(@Nullable String after, int limit);
  }

  static void each(Catalog catalog, Consumer<Shard> visit) {
    each(catalog::shards, visit);
  }

  static void each(Pages pages, Consumer<Shard> visit) {
    List<Shard> page = pages.page(null, PAGE);
    while (!page.isEmpty()) {
      page.forEach(visit);
      page = pages.page(page.get(page.size() - 1).canonicalName(), PAGE);
    }
  }
}
