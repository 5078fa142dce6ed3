package dev.tidemark.journey.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.contract.cloud.WeaviateApi;
import dev.tidemark.contract.cloud.WeaviateServer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The server's own backups as it makes them unless it is told otherwise, in a bucket. */
final class NativeWay implements Way {
  private static final int LOOK_MILLIS = 50;
  private static final Set<String> BAD = Set.of("FAILED", "CANCELED");

  private final Basis basis;
  private final WeaviateApi server;
  private final Path kept;
  private @Nullable String newest;

  /** What a backup builds on. */
  enum Basis {
    NOTHING("full"),
    THE_DAY_BEFORE("incremental");

    final String word;

    Basis(String word) {
      this.word = word;
    }
  }

  /**
   * @param minio the folder of its buckets; that of this way is named as its basis
   */
  NativeWay(Basis basis, WeaviateServer server, Path minio) {
    this.basis = basis;
    this.server = new WeaviateApi(server.address());
    this.kept = minio.resolve(basis.word);
  }

  @Override
  public String name() {
    return "native, " + basis.word;
  }

  @Override
  public double backUp(String id) throws IOException, InterruptedException {
    ObjectNode request = request().put("id", id);
    if (basis == Basis.THE_DAY_BEFORE && newest != null) {
      request.put("incremental_base_backup_id", newest);
    }
    Measured.sync();
    long start = System.nanoTime();
    server.call("POST", "/v1/backups/s3", request);
    await(server, "/v1/backups/s3/" + id + "?bucket=" + basis.word);
    newest = id;
    return Measured.seconds(start);
  }

  @Override
  public double restore(String id, WeaviateServer into) throws IOException, InterruptedException {
    var target = new WeaviateApi(into.address());
    String path = "/v1/backups/s3/" + id + "/restore";
    Measured.sync();
    long start = System.nanoTime();
    target.call("POST", path, request());
    await(target, path + "?bucket=" + basis.word);
    return Measured.seconds(start);
  }

  private ObjectNode request() {
    ObjectNode request = JsonNodeFactory.instance.objectNode();
    request.putObject("config").put("Bucket", basis.word);
    return request;
  }

  private static void await(WeaviateApi server, String path) throws InterruptedException {
    while (true) {
      JsonNode answer = server.call("GET", path, null);
      String status = answer.path("status").asText();
      if (status.equals("SUCCESS")) {
        return;
      }
      if (BAD.contains(status)) {
        throw new IllegalStateException(path + ": " + answer);
      }
      Thread.sleep(LOOK_MILLIS);
    }
  }

  @Override
  public long storedBytes() throws IOException {
    return SampleTree.bytes(kept);
  }
}
