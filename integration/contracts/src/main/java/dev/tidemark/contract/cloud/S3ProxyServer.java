package dev.tidemark.contract.cloud;

import dev.tidemark.contract.FreePorts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** S3Proxy on a folder, with buckets that are there from the start. Any credentials will do. */
public final class S3ProxyServer implements AutoCloseable {
  private final int port;
  private final ServerProcess process;

  private S3ProxyServer(int port, ServerProcess process) {
    this.port = port;
    this.process = process;
  }

  /**
   * Starts a server.
   *
   * @param folder empty or absent
   */
  public static S3ProxyServer start(Path folder, String... buckets) {
    int port = FreePorts.any();
    Path data = folder.resolve("data");
    Path properties = folder.resolve("s3proxy.conf");
    try {
      Files.createDirectories(data);
      for (String bucket : buckets) {
        Files.createDirectory(data.resolve(bucket));
      }
      Files.writeString(
          properties,
          """
          s3proxy.endpoint=http://127.0.0.1:%d
          s3proxy.authorization=none
          jclouds.provider=filesystem-nio2
          jclouds.filesystem.basedir=%s
          """
              .formatted(port, data));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new S3ProxyServer(
        port,
        ServerProcess.start(
            folder,
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-jar",
                ServerProcess.file("s3proxy.jar", "TIDEMARK_S3PROXY").toString(),
                "--properties",
                properties.toString()),
            Map.of(),
            URI.create("http://127.0.0.1:" + port + "/")));
  }

  public int port() {
    return port;
  }

  /** Like {@code http://127.0.0.1:8080}. */
  public String address() {
    return "http://127.0.0.1:" + port;
  }

  @Override
  public void close() {
    process.close();
  }
}
