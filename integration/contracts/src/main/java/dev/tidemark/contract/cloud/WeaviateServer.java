package dev.tidemark.contract.cloud;

import dev.tidemark.contract.FreePorts;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One node of Weaviate, on the loopback interface. It may be killed, and started again on its data
 * under the same addresses.
 */
public final class WeaviateServer implements AutoCloseable {
  private final String name;
  private final Path folder;
  private final int port = FreePorts.any();

  // Nodes on one host find each other's second port beside the first.
  private final int gossip = FreePorts.pair();
  private final int raft = FreePorts.pair();
  private final Map<String, String> environment = new TreeMap<>();
  private @Nullable ServerProcess process;

  /**
   * @param folder of its data and log
   */
  WeaviateServer(String name, Path folder, Map<String, String> more) {
    this.name = name;
    this.folder = folder;
    environment.putAll(
        Map.of(
            "PERSISTENCE_DATA_PATH", folder.resolve("data").toString(),
            "AUTHENTICATION_ANONYMOUS_ACCESS_ENABLED", "true",
            "DEFAULT_VECTORIZER_MODULE", "none",
            "DISABLE_TELEMETRY", "true",
            "GO_PROFILING_DISABLE", "true",
            "GRPC_PORT", Integer.toString(FreePorts.any())));
    environment.putAll(
        Map.of(
            "CLUSTER_HOSTNAME",
            name,
            "CLUSTER_IN_LOCALHOST",
            "true",
            "CLUSTER_ADVERTISE_ADDR",
            "127.0.0.1",
            "CLUSTER_BIND_ADDR",
            "127.0.0.1",
            "CLUSTER_GOSSIP_BIND_PORT",
            Integer.toString(gossip),
            "CLUSTER_DATA_BIND_PORT",
            Integer.toString(gossip + 1)));
    environment.putAll(
        Map.of(
            "RAFT_PORT", Integer.toString(raft),
            "RAFT_INTERNAL_RPC_PORT", Integer.toString(raft + 1),
            // Half a second to a leader, in place of some seconds.
            "RAFT_HEARTBEAT_TIMEOUT", "1",
            "RAFT_ELECTION_TIMEOUT", "1",
            "RAFT_TIMEOUTS_MULTIPLIER", "1"));
    environment.putAll(more);
  }

  /** Its place in the list of those that found the cluster. */
  String raft() {
    return name + ":" + raft;
  }

  String gossip() {
    return "127.0.0.1:" + gossip;
  }

  void set(String variable, String value) {
    environment.put(variable, value);
  }

  /** The name by which the cluster knows it. */
  public String name() {
    return name;
  }

  /** Like {@code http://127.0.0.1:8080}. */
  public String address() {
    return "http://127.0.0.1:" + port;
  }

  /** Where its data are. */
  public Path data() {
    return folder.resolve("data");
  }

  /** Starts it, and waits for nothing. */
  public void launch() {
    process =
        ServerProcess.launch(
            folder,
            List.of(
                ServerProcess.program("weaviate-server", "TIDEMARK_WEAVIATE").toString(),
                "--scheme",
                "http",
                "--host",
                "127.0.0.1",
                "--port",
                Integer.toString(port)),
            environment);
  }

  /** Waits until it takes part in the cluster. */
  public void await() {
    running().await(URI.create(address() + "/v1/.well-known/ready"));
  }

  /** Ends it at once, as a loss of power would. */
  public void kill() {
    running().kill();
  }

  /** Ends it as an operator does, and waits for it: what it has in memory it writes down. */
  public void stop() {
    running().end();
  }

  /** Of the process that runs now. */
  public long pid() {
    return running().pid();
  }

  /** Lets it hang: it keeps its connections and answers nothing. */
  public void hang() {
    running().signal("STOP");
  }

  /** Lets it go on. */
  public void goOn() {
    running().signal("CONT");
  }

  private ServerProcess running() {
    ServerProcess started = process;
    if (started == null) {
      throw new IllegalStateException(name + " was not started");
    }
    return started;
  }

  @Override
  public void close() {
    if (process != null) {
      process.kill();
    }
  }
}
