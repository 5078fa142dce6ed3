package dev.tidemark.core.engine;

import java.util.Optional;

/** One cluster of one kind of database, as configured. Clients may be used by several threads. */
public interface StorageEngine {
  Catalog catalog();

  Source source();

  Target target();

  /** Nothing where the engine needs no protection while it is read. */
  Optional<Guard> guard();
}
