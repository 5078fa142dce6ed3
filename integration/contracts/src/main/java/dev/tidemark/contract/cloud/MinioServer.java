package dev.tidemark.contract.cloud;

import dev.tidemark.contract.FreePorts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * MinIO on a folder, with buckets that are there from the start. It checks signatures, checksums
 * and locks.
 */
public final class MinioServer implements AutoCloseable {
  public static final String USER = "miniooftests";
  public static final String PASSWORD = "password-of-tests";

  private final int port;
  private final ServerProcess process;

  private MinioServer(int port, ServerProcess process) {
    this.port = port;
    this.process = process;
  }

  /**
   * Starts a server.
   *
   * @param folder empty or absent
   */
  public static MinioServer start(Path folder, String... buckets) {
    int port = FreePorts.any();
    Path data = folder.resolve("data");
    try {
      Files.createDirectories(data);
      for (String bucket : buckets) {
        Files.createDirectory(data.resolve(bucket));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    String address = "127.0.0.1:" + port;
    return new MinioServer(
        port,
        ServerProcess.start(
            folder,
            List.of(
                ServerProcess.program("minio", "TIDEMARK_MINIO").toString(),
                "server",
                "--quiet",
                "--address",
                address,
                "--console-address",
                "127.0.0.1:" + FreePorts.any(),
                data.toString()),
            Map.of(
                "MINIO_ROOT_USER",
                USER,
                "MINIO_ROOT_PASSWORD",
                PASSWORD,
                "MINIO_UPDATE",
                "off",
                "MINIO_CI_CD",
                "on"),
            URI.create("http://" + address + "/minio/health/ready")));
  }

  public int port() {
    return port;
  }

  /** Like {@code http://127.0.0.1:9000}. */
  public String address() {
    return "http://127.0.0.1:" + port;
  }

  @Override
  public void close() {
    process.close();
  }
}
