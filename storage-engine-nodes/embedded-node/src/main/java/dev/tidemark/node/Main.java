package dev.tidemark.node;

import dev.tidemark.node.cluster.Members;
import dev.tidemark.node.failure.NodeFailure;
import dev.tidemark.node.http.NodeServer;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/**
 * The process of a node. It prints one line, {@code ready NAME URL}, once it can be used, and ends
 * in order on SIGTERM. Exit codes: 1 where it could not start, 2 for options that are not valid.
 */
@Command(
    name = "tidemark-node",
    mixinStandardHelpOptions = true,
    version = "tidemark-node",
    description = "A storage-engine node for vectors, on RocksDB.")
public final class Main implements Callable<Integer> {
  private static final long READY_POLL_MILLIS = 50;

  @Option(names = "--name", required = true, description = "Name of this node, one of --nodes.")
  private String name = "";

  @Option(names = "--data", required = true, description = "Its data folder.")
  private Path data = Path.of("");

  @Option(names = "--listen", required = true, description = "HOST:PORT; port 0 takes a free one.")
  private String listen = "";

  @Option(
      names = "--nodes",
      required = true,
      split = ",",
      description = "NAME=URL of all nodes; the first keeps the schema.")
  private Map<String, URI> nodes = new LinkedHashMap<>();

  @Option(names = "--api-key-file", required = true, description = "File with the key.")
  private Path apiKeyFile = Path.of("");

  @Option(names = "--disk-limit", description = "Bytes that the node may use of its disk.")
  private @Nullable Long diskLimitBytes;

  @Option(names = "--memtable", description = "Bytes of a shard's memtable, 16777216 by default.")
  private long memtableBytes = NodeSettings.DEFAULT_MEMTABLE_BYTES;

  @Option(
      names = "--restore-days",
      description = "Days an unpublished restore is kept, 7 by default.")
  private long restoreDays = NodeSettings.DEFAULT_RESTORES_KEPT.toDays();

  @Option(names = "--tls-certificate", description = "PEM file with the certificate chain.")
  private @Nullable Path certificate;

  @Option(names = "--tls-key", description = "PEM file with the key, PKCS #8.")
  private @Nullable Path key;

  @Option(names = "--tls-client-ca", description = "PEM file; clients need a certificate of it.")
  private @Nullable Path clientAuthority;

  @Option(names = "--tls-ca", description = "PEM file with what is trusted in other nodes.")
  private @Nullable Path authority;

  @CommandLine.Spec private CommandLine.Model.@Nullable CommandSpec spec;

  private Main() {}

  public static void main(String[] arguments) {
    // Numbers in answers are the same on every machine.
    Locale.setDefault(Locale.ROOT);
    int code = new CommandLine(new Main()).execute(arguments);
    if (code != 0) {
      System.exit(code);
    }
  }

  @Override
  public Integer call() throws InterruptedException {
    NodeSettings settings = settings();
    try {
      Node node = Node.open(settings, InstantSource.system());
      NodeServer server = NodeServer.start(node);
      Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(server, node)));
      while (!node.ready()) {
        Thread.sleep(READY_POLL_MILLIS);
      }
      System.out.println("ready " + name + " " + server.url());
      return 0;
    } catch (NodeFailure | IOException e) {
      System.err.println(e.getMessage());
      return 1;
    }
  }

  private static void stop(NodeServer server, Node node) {
    try {
      server.close();
      node.close();
    } catch (IOException e) {
      System.err.println("the node did not close in order: " + e);
    }
  }

  private NodeSettings settings() {
    try {
      int colon = listen.lastIndexOf(':');
      return new NodeSettings(
          new Members(name, nodes),
          data,
          listen.substring(0, colon),
          Integer.parseInt(listen.substring(colon + 1)),
          apiKey(),
          diskLimitBytes == null ? OptionalLong.empty() : OptionalLong.of(diskLimitBytes),
          memtableBytes,
          Duration.ofDays(restoreDays),
          tls());
    } catch (NodeFailure e) {
      throw invalid(e.getMessage());
    } catch (NumberFormatException | IndexOutOfBoundsException e) {
      throw invalid("--listen: expected HOST:PORT, found " + listen);
    }
  }

  private String apiKey() {
    try {
      String text = Files.readString(apiKeyFile).strip();
      if (text.isEmpty()) {
        throw invalid("--api-key-file: " + apiKeyFile + " is empty");
      }
      return text;
    } catch (IOException e) {
      throw invalid("--api-key-file: cannot be read: " + e);
    }
  }

  private Optional<TlsFiles> tls() {
    if (certificate == null && key == null && clientAuthority == null && authority == null) {
      return Optional.empty();
    }
    if (certificate == null || key == null) {
      throw invalid("--tls-certificate and --tls-key are needed together for TLS");
    }
    return Optional.of(
        new TlsFiles(
            certificate,
            key,
            Optional.ofNullable(clientAuthority),
            Optional.ofNullable(authority)));
  }

  private ParameterException invalid(@Nullable String message) {
    if (spec == null) {
      throw new IllegalStateException(message);
    }
    return new ParameterException(spec.commandLine(), String.valueOf(message));
  }
}
