package dev.tidemark.engine.weaviate;

import dev.tidemark.contract.cloud.WeaviateCluster;
import dev.tidemark.contract.node.NodeCluster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Two real nodes with other names and other folders: one that is backed up, one to restore into.
 */
final class TwoServers implements BeforeAllCallback, AfterAllCallback {
  private final Map<String, String> environment;
  private Path folder = Path.of("/");
  private @Nullable WeaviateCluster from;
  private @Nullable WeaviateCluster to;

  TwoServers(Map<String, String> environment) {
    this.environment = environment;
  }

  @Override
  public void beforeAll(ExtensionContext context) throws IOException {
    folder = Files.createTempDirectory("servers");
    from = WeaviateCluster.single(folder.resolve("from"), sourceBackups(), environment);
    to = WeaviateCluster.single("other", folder.resolve("to"), targetBackups(), environment);
  }

  @Override
  public void afterAll(ExtensionContext context) {
    for (WeaviateCluster each : new WeaviateCluster[] {from, to}) {
      if (each != null) {
        each.close();
      }
    }
    NodeCluster.delete(folder);
  }

  WeaviateCluster source() {
    return Objects.requireNonNull(from);
  }

  WeaviateCluster target() {
    return Objects.requireNonNull(to);
  }

  Path sourceBackups() {
    return folder.resolve("backups-from");
  }

  Path targetBackups() {
    return folder.resolve("backups-to");
  }
}
