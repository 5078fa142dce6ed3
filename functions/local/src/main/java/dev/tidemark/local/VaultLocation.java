package dev.tidemark.local;

import dev.tidemark.store.s3.S3Config;
import java.nio.file.Path;

/** Where a vault lies. */
sealed interface VaultLocation {

  /** In words for a person. */
  String words();

  /** A folder of this machine. */
  record Folder(Path path) implements VaultLocation {
    @Override
    public String words() {
      return path.toString();
    }
  }

  /** A bucket, with a prefix or without. */
  record Bucket(S3Config config) implements VaultLocation {
    @Override
    public String words() {
      return config.description();
    }
  }
}
