package dev.tidemark.contract.cloud;

import dev.tidemark.contract.FreePorts;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Moto, which speaks as many services of AWS do, from memory. Any credentials will do; it checks
 * neither signatures nor the checksums of objects.
 */
public final class MotoServer implements AutoCloseable {
  private final int port;
  private final ServerProcess process;

  private MotoServer(int port, ServerProcess process) {
    this.port = port;
    this.process = process;
  }

  /**
   * Starts a server.
   *
   * @param folder of its log
   */
  public static MotoServer start(Path folder) {
    int port = FreePorts.any();
    return new MotoServer(
        port,
        ServerProcess.start(
            folder,
            List.of(
                ServerProcess.program("moto_server", "TIDEMARK_MOTO").toString(),
                "-H",
                "127.0.0.1",
                "-p",
                Integer.toString(port)),
            Map.of(),
            URI.create("http://127.0.0.1:" + port + "/moto-api/data.json")));
  }

  public int port() {
    return port;
  }

  /** Like {@code http://127.0.0.1:5000}. */
  public String address() {
    return "http://127.0.0.1:" + port;
  }

  @Override
  public void close() {
    process.close();
  }
}
