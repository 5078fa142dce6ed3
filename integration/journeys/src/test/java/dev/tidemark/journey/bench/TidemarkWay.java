package dev.tidemark.journey.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tidemark.contract.cloud.MinioServer;
import dev.tidemark.contract.cloud.WeaviateServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Tidemark by its start script, on the machine of the server, with its vault in a bucket. */
final class TidemarkWay implements Way {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String VAULT = "vault";
  private static final String STAGING = "staging";

  private final String script;
  private final Path folder;
  private final WeaviateServer server;
  private final String store;
  private final Path minio;
  private final Figures cpu = new Figures();
  private final Figures peakMib = new Figures();

  /**
   * @param home of the project
   * @param folder of its state, empty
   * @param minio the folder of its buckets
   */
  TidemarkWay(Path home, Path folder, WeaviateServer server, String store, Path minio)
      throws IOException, InterruptedException {
    this.script = home.resolve("tidemark").toString();
    this.folder = Files.createDirectories(folder);
    this.server = server;
    this.store = store;
    this.minio = minio;
    configure(server.address());
    run("vault", "create", "main");
  }

  static List<String> buckets() {
    return List.of(VAULT, STAGING);
  }

  /** The cluster, and the one into which restores go. */
  private void configure(String copy) throws IOException {
    Files.writeString(
        folder.resolve("tidemark.yaml"),
        """
        settings: { state: state }
        vaults: { main: { store: s3, bucket: %1$s, endpoint: "%2$s" } }
        clusters:
          library:
            engine: weaviate
            endpoints: ["%3$s"]
            backend: s3
            staging: { store: s3, bucket: %5$s, prefix: library, endpoint: "%2$s" }
          copy:
            engine: weaviate
            endpoints: ["%4$s"]
            backend: s3
            staging: { store: s3, bucket: %5$s, prefix: copy, endpoint: "%2$s" }
        """
            .formatted(VAULT, store, server.address(), copy, STAGING));
  }

  private Measured run(String... arguments) throws IOException, InterruptedException {
    var command = new ArrayList<>(List.of(script));
    command.addAll(List.of(arguments));
    return Measured.run(
        folder,
        Map.of(
            "HOME",
            folder.toString(),
            "AWS_REGION",
            "us-east-1",
            "AWS_ACCESS_KEY_ID",
            MinioServer.USER,
            "AWS_SECRET_ACCESS_KEY",
            MinioServer.PASSWORD),
        command);
  }

  @Override
  public String name() {
    return "Tidemark";
  }

  @Override
  public double backUp(String id) throws IOException, InterruptedException {
    Measured measured = run("backup", "create", "library", "--id", id, "--wait");
    cpu.add(measured.cpu());
    peakMib.add(measured.peakMib());
    return measured.wall();
  }

  @Override
  public double restore(String id, WeaviateServer into) throws IOException, InterruptedException {
    configure(into.address());
    return run("restore", "create", id, "--into", "copy", "--wait").wall();
  }

  /** Reads every byte of a backup and proves its digest; seconds. */
  double verify(String id) throws IOException, InterruptedException {
    return run("verify", id, "--level", "full").wall();
  }

  /** What Tidemark says of a backup. */
  JsonNode show(String id) throws IOException, InterruptedException {
    run("backup", "show", id, "--json");
    return JSON.readTree(folder.resolve("printed").toFile());
  }

  @Override
  public long storedBytes() throws IOException {
    return SampleTree.bytes(minio.resolve(VAULT));
  }

  /** What is left where native backups lie while Tidemark reads them. */
  long stagedBytes() throws IOException {
    return SampleTree.bytes(minio.resolve(STAGING));
  }

  /** Of the process, in seconds a backup. */
  Figures cpu() {
    return cpu;
  }

  /** The process's largest resident set. */
  Figures peakMib() {
    return peakMib;
  }
}
