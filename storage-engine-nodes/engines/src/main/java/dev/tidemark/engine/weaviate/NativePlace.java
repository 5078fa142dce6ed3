package dev.tidemark.engine.weaviate;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.engine.http.Endpoint;

/** Where the server finds the native backups of a cluster's staging area. */
record NativePlace(WeaviateConfig config) {

  private boolean isBucket() {
    return config.backend().equals(WeaviateConfig.S3);
  }

  /** Tells it in the configuration of a request. */
  void tell(ObjectNode settings) {
    if (isBucket()) {
      settings.put("Bucket", config.staging().text("bucket"));
      settings.put("Path", config.staging().text("prefix"));
    }
  }

  /** Tells it in a query; empty where the server knows it. */
  String query() {
    return isBucket()
        ? "?bucket=%s&path=%s"
            .formatted(
                Endpoint.escape(config.staging().text("bucket")),
                Endpoint.escape(config.staging().text("prefix")))
        : "";
  }
}
