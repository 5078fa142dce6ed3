package dev.tidemark.core.engine;

import dev.tidemark.core.tree.EntryPath;
import java.nio.charset.StandardCharsets;

/** Names of engines in canonical names. */
final class Names {
  private Names() {}

  /** Escaped like a path, and {@code '/'} too, so that joined names can be taken apart again. */
  static String escape(String name) {
    return EntryPath.escape(name.getBytes(StandardCharsets.UTF_8)).replace("/", "%2F");
  }
}
