package dev.tidemark.core.flow;

import dev.tidemark.core.engine.StorageEngine;
import dev.tidemark.core.vault.Compression;
import dev.tidemark.core.vault.Vault;
import java.util.List;

/**
 * What a configuration names, opened. Every method throws PermanentFailure NOT_FOUND, naming what
 * there is, for a name that the configuration does not have.
 */
public interface Site {

  /** The digest of the newest configuration, for new runs. */
  String newest();

  StorageEngine engine(String config, String cluster);

  Vault vault(String config, String vault);

  Cluster cluster(String config, String cluster);

  /** Names of all configured clusters, in byte order. */
  List<String> clusters(String config);

  /**
   * A cluster's settings.
   *
   * @param engine the kind of database
   * @param vault where its backups go unless told otherwise
   * @param width how many units of a lane are worked at once
   */
  record Cluster(
      String name,
      String engine,
      String vault,
      int width,
      Compression compression,
      long chunkBytes) {}
}
