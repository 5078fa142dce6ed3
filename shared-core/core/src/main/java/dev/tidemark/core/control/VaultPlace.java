package dev.tidemark.core.control;

import java.nio.file.Path;

/** Which vault is meant. */
public sealed interface VaultPlace {

  /** One of the configuration. */
  record Named(String name) implements VaultPlace {}

  /**
   * A folder, configured or not.
   *
   * @param path absolute
   */
  record Folder(Path path) implements VaultPlace {}
}
