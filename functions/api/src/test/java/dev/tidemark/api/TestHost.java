package dev.tidemark.api;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tidemark.api.access.Callers;
import dev.tidemark.api.access.Token;
import dev.tidemark.api.access.TokenCallers;
import dev.tidemark.core.blob.BlobStore;
import dev.tidemark.core.config.Configuration;
import dev.tidemark.core.config.ConfigurationReader;
import dev.tidemark.core.config.Field;
import dev.tidemark.core.config.Schema;
import dev.tidemark.core.control.FlowControl;
import dev.tidemark.core.control.VaultPlace;
import dev.tidemark.core.control.VaultPlaces;
import dev.tidemark.core.engine.StorageEngine;
import dev.tidemark.core.failure.TransientFailure;
import dev.tidemark.core.flow.Dispatcher;
import dev.tidemark.core.flow.FlowEvents;
import dev.tidemark.core.flow.FlowSettings;
import dev.tidemark.core.flow.Meters;
import dev.tidemark.core.flow.Platform;
import dev.tidemark.core.flow.Register;
import dev.tidemark.core.flow.Site;
import dev.tidemark.core.flow.Workers;
import dev.tidemark.core.memory.InMemoryBlobStore;
import dev.tidemark.core.memory.InMemoryCluster;
import dev.tidemark.core.memory.InMemoryEngine;
import dev.tidemark.core.memory.InMemoryNoticeBus;
import dev.tidemark.core.memory.InMemoryStateTable;
import dev.tidemark.core.memory.InMemoryWorkQueue;
import dev.tidemark.core.queue.Delivery;
import dev.tidemark.core.time.Ids;
import dev.tidemark.core.time.Slice;
import dev.tidemark.core.vault.Vault;
import dev.tidemark.events.WorkItem;
import dev.tidemark.events.WorkItem.Queue;
import io.micronaut.context.ApplicationContext;
import io.micronaut.runtime.server.EmbeddedServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * The API over the real flow and the in-memory ports: clusters {@code files} and {@code other},
 * vaults {@code main} and {@code second}, and {@code fresh}, which is not made yet, the policy
 * {@code nightly} of both clusters and {@code hourly} of one. Runs are worked when a test says so.
 */
public final class TestHost implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  private volatile Instant now = Instant.parse("2026-11-21T07:00:00Z");
  private final InstantSource clock = () -> now;
  private final Random random = new Random(7);
  private final Ids ids = ids(random);
  private final InMemoryWorkQueue queues = InMemoryWorkQueue.kind(clock);
  private final Map<String, InMemoryCluster> clusters = new TreeMap<>();
  private final Map<String, InMemoryBlobStore> stores = new TreeMap<>();
  private final Dispatcher dispatcher;
  private final ApplicationContext context;
  private @Nullable EmbeddedServer server;
  private final HttpClient http = HttpClient.newHttpClient();

  /** Tokens by role. */
  private final Map<String, String> tokens = new TreeMap<>();

  /** What the host was told: caller, method, path, status. */
  public final List<String> log = new CopyOnWriteArrayList<>();

  /** Makes stores fail as in an outage. */
  volatile boolean outage;

  private TestHost(@Nullable Callers callers) {
    for (String role : List.of("reader", "operator", "admin")) {
      tokens.put(role, Token.mint(ids));
    }
    Configuration configuration = configuration();
    for (String name : configuration.clusters().keySet()) {
      clusters.put(name, cluster(name));
    }
    for (String name : configuration.vaults().keySet()) {
      stores.put(name, new InMemoryBlobStore(clock, 1));
      Vault.create(store(name), ids);
    }
    var table = InMemoryStateTable.kind();
    this.dispatcher =
        new Dispatcher(
            new Platform(
                table,
                queues,
                new MemorySite(configuration),
                new Alone(),
                clock,
                ids,
                Meters.NONE,
                new Silent(),
                new InMemoryNoticeBus(),
                FlowSettings.DEFAULT,
                "d1",
                "0.1-test",
                1));
    var control =
        new FlowControl(
            configuration,
            dispatcher,
            new Register(table, FlowSettings.DEFAULT),
            new MemoryVaults(configuration),
            clock,
            ids);
    this.context =
        Api.context(
                control,
                callers != null
                    ? callers
                    : TokenCallers.of(configuration.tokens().values(), this::token),
                new Notes())
            .properties(
                Map.of(
                    "micronaut.server.host", "127.0.0.1",
                    "micronaut.server.port", -1,
                    "micronaut.server.thread-selection", "BLOCKING"))
            .start();
  }

  /** With tokens of the three roles; two as hashes, one by reference. */
  public static TestHost start() {
    return new TestHost(null);
  }

  public static TestHost start(Callers callers) {
    return new TestHost(callers);
  }

  private Configuration configuration() {
    String text =
        """
        vaults:
          main: { store: memory }
          second: { store: memory, compression: NoCompression, chunkSize: 16 }
        clusters:
          files: { engine: memory, vault: main }
          other: { engine: memory, vault: second }
        policies:
          nightly: { clusters: [files, other], schedule: "0 3 * * *", labels: { kind: nightly } }
          hourly: { clusters: [files], include: [docs] }
        api:
          tokens:
            watcher: { role: reader, hash: "%s" }
            ci: { role: operator, hash: "%s" }
            boss: { role: admin, token: "test:admin" }
        """
            .formatted(Token.hash(token("reader")), Token.hash(token("operator")));
    tokens.put("test:admin", token("admin"));
    return new ConfigurationReader(
            Map.of("memory", Schema.of()),
            Map.of("memory", Schema.of(Schema.optional("path", Field.path()))),
            Set.of("test"))
        .read("tidemark.yaml", text, Path.of("/etc"))
        .orThrow();
  }

  private InMemoryCluster cluster(String name) {
    var cluster = new InMemoryCluster(name, clock, InMemoryCluster.Mood.KIND);
    cluster.shard("docs", "s1", "n1");
    cluster.shard("docs", "s2", "n1");
    cluster.shard("films", "", "n2");
    for (int i = 0; i < 5; i++) {
      cluster.write("docs", "s1", "segments/" + i + ",x", bytes("docs " + i));
      cluster.write("films", "", "f" + i, bytes("films " + i));
    }
    cluster.write("docs", "s2", "only", bytes("one"));
    now = now.plus(Duration.ofMinutes(5));
    return cluster;
  }

  private static byte[] bytes(String text) {
    return text.repeat(100).getBytes(StandardCharsets.UTF_8);
  }

  public InMemoryCluster engine(String name) {
    return requireNonNull(clusters.get(name), name);
  }

  String token(String role) {
    return requireNonNull(tokens.get(role), role);
  }

  /** What a host of another kind hands requests to. */
  public ApplicationContext context() {
    return context;
  }

  synchronized URI url() {
    if (server == null) {
      server = context.getBean(EmbeddedServer.class).start();
    }
    return server.getURI();
  }

  void pass(Duration time) {
    now = now.plus(time);
  }

  /** Works every run to its end. */
  public void work() {
    for (int steps = 0; steps < 10_000; steps++) {
      if (!one(Queue.CONTROL) && !one(Queue.TRANSFER)) {
        Optional<Instant> next = queues.nextVisible();
        if (next.isEmpty()) {
          return;
        }
        now = next.get().isAfter(now) ? next.get() : now;
      }
    }
    throw new AssertionError("no end: " + queues);
  }

  private boolean one(Queue queue) {
    Optional<Delivery> delivery = queues.receive(queue);
    if (delivery.isEmpty()) {
      return false;
    }
    dispatcher.dispatch(delivery.get().item(), Slice.of(Duration.ofMinutes(8), clock));
    queues.acknowledge(delivery.get());
    return true;
  }

  /** An answer. */
  public record Answer(int status, String text, java.net.http.HttpHeaders headers) {
    public JsonNode json() {
      try {
        return JSON.readTree(text);
      } catch (IOException e) {
        throw new AssertionError(status + " " + text, e);
      }
    }

    public String header(String name) {
      return headers.firstValue(name).orElse("");
    }
  }

  Answer get(String path) {
    return as("reader", "GET", path, null);
  }

  Answer post(String path, @Nullable String body) {
    return as("operator", "POST", path, body);
  }

  Answer as(String role, String method, String path, @Nullable String body) {
    return send(method, path, body, "Authorization", "Bearer " + token(role));
  }

  public Answer send(String method, String path, @Nullable String body, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(url().resolve(path)).timeout(Duration.ofSeconds(30));
    request.method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
    if (body != null) {
      request.header("Content-Type", "application/json");
    }
    for (int i = 0; i < headers.length; i += 2) {
      request.setHeader(headers[i], headers[i + 1]);
    }
    try {
      HttpResponse<String> response = http.send(request.build(), BodyHandlers.ofString());
      return new Answer(response.statusCode(), response.body(), response.headers());
    } catch (IOException e) {
      throw new AssertionError(method + " " + path, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  InMemoryBlobStore store(String vault) {
    return requireNonNull(stores.get(vault), vault).client();
  }

  @Override
  public synchronized void close() {
    if (server != null) {
      server.stop();
    }
    context.close();
  }

  private static Ids ids(Random random) {
    return new Ids() {
      @Override
      public synchronized String text(int length) {
        return random
            .ints(length, 0, 26)
            .collect(
                StringBuilder::new,
                (text, letter) -> text.append((char) ('a' + letter)),
                StringBuilder::append)
            .toString();
      }

      @Override
      public synchronized byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
      }
    };
  }

  private final class MemorySite implements Site {
    private final Configuration configuration;

    MemorySite(Configuration configuration) {
      this.configuration = configuration;
    }

    @Override
    public String newest() {
      return configuration.digest();
    }

    @Override
    public StorageEngine engine(String config, String cluster) {
      return new InMemoryEngine(TestHost.this.engine(configuration.cluster(cluster).name()));
    }

    @Override
    public Vault vault(String config, String vault) {
      if (outage) {
        throw new TransientFailure("store of vault " + vault + " does not answer");
      }
      return Vault.open(store(configuration.vault(vault).name()));
    }

    @Override
    public Cluster cluster(String config, String cluster) {
      var found = configuration.cluster(cluster);
      var vault = configuration.vault(found.vault());
      return new Cluster(
          cluster,
          found.engine(),
          found.vault(),
          found.width(),
          vault.compression(),
          (long) vault.chunkMebibytes() << 20);
    }

    @Override
    public List<String> clusters(String config) {
      return List.copyOf(configuration.clusters().keySet());
    }
  }

  private final class MemoryVaults implements VaultPlaces {
    private final Configuration configuration;

    MemoryVaults(Configuration configuration) {
      this.configuration = configuration;
    }

    @Override
    public String name(VaultPlace place) {
      return configuration.vault(((VaultPlace.Named) place).name()).name();
    }

    @Override
    public String words(String vault) {
      return "memory:" + vault;
    }

    @Override
    public Vault reachable(String vault) {
      return new MemorySite(configuration).vault("", vault);
    }

    @Override
    public void requireWritable(String vault) {
      reachable(vault);
    }

    @Override
    public BlobStore store(String vault) {
      return TestHost.this.store(vault);
    }

    @Override
    public boolean prepare(String vault) {
      return false;
    }
  }

  private static final class Alone implements Workers {
    @Override
    public String self() {
      return "w1";
    }

    @Override
    public boolean gone(String worker) {
      return false;
    }
  }

  private static final class Silent implements FlowEvents {
    @Override
    public void failed(WorkItem item, RuntimeException failure) {}

    @Override
    public void done(WorkItem item) {}

    @Override
    public void waits(WorkItem item, String why) {}
  }

  private final class Notes implements RequestLog {
    @Override
    public void answered(String caller, String method, String path, int status) {
      log.add("%s %s %s %d".formatted(caller, method, path, status));
    }

    @Override
    public void failed(String method, String path, RuntimeException failure) {
      log.add(String.valueOf(failure));
    }
  }
}
