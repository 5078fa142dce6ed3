package dev.tidemark.aws;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.tidemark.contract.fault.FaultProxy;
import dev.tidemark.contract.fault.NetworkFault;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Counts what processes send to table, queues and buckets, on its way: every request, also those
 * that the SDK repeats, and the units that a table takes for them.
 */
final class WireTap implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Which Java's client sets by itself. */
  private static final Set<String> HOP =
      Set.of("host", "content-length", "connection", "expect", "upgrade");

  private static final Set<String> MEASURED =
      Set.of("GetItem", "PutItem", "Query", "TransactWriteItems", "BatchWriteItem");

  private static final Set<String> COMMITS = Set.of("PutItem", "TransactWriteItems");

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final List<HttpServer> servers = new ArrayList<>();
  private final FaultProxy buckets;
  private final Map<String, String> environment = new HashMap<>();
  private List<String> calls = new ArrayList<>();
  private Units units = new Units(0, 0);

  /** What DynamoDB bills. */
  record Units(double read, double write) {
    Units plus(Units more) {
      return new Units(read + more.read, write + more.write);
    }
  }

  /** What has been counted: calls in their order, and units. */
  record Tally(List<String> calls, Units units) {
    Map<String, Long> counts() {
      Map<String, Long> counts = new TreeMap<>();
      calls.forEach(call -> counts.merge(call, 1L, Long::sum));
      return counts;
    }

    long count(String... prefixes) {
      return calls.stream()
          .filter(call -> List.of(prefixes).stream().anyMatch(call::startsWith))
          .count();
    }
  }

  /**
   * @param real the environment of a deployment, whose endpoints are tapped
   */
  WireTap(Map<String, String> real) {
    environment.putAll(real);
    tap("DYNAMODB");
    tap("SQS");
    this.buckets = FaultProxy.before(endpoint("S3").getPort()).plan(this::request);
    environment.put("AWS_ENDPOINT_URL_S3", buckets.address());
  }

  /** The same deployment, through the tap. */
  Map<String, String> environment() {
    return Map.copyOf(environment);
  }

  /** What was counted since it was last asked. */
  synchronized Tally tally() {
    var tally = new Tally(List.copyOf(calls), units);
    calls = new ArrayList<>();
    units = new Units(0, 0);
    return tally;
  }

  private URI endpoint(String service) {
    return URI.create(environment.getOrDefault("AWS_ENDPOINT_URL_" + service, ""));
  }

  private void tap(String service) {
    URI real = endpoint(service);
    try {
      HttpServer server =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      server.setExecutor(threads);
      server.createContext("/", exchange -> pass(exchange, real));
      server.start();
      servers.add(server);
      environment.put(
          "AWS_ENDPOINT_URL_" + service, "http://127.0.0.1:" + server.getAddress().getPort());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Like {@code PUT vault/blobs}; of listings {@code LIST vault}. */
  private NetworkFault request(String line) {
    String[] words = line.split(" ", -1);
    String[] path = words[1].split("\\?", -1)[0].split("/", -1);
    boolean list = words[1].contains("list-type=");
    String folder = list || path.length < 4 ? "" : "/" + path[2];
    count((list ? "LIST" : words[0]) + " " + path[1] + folder, new Units(0, 0));
    return NetworkFault.PASS;
  }

  private void pass(HttpExchange exchange, URI real) throws IOException {
    try (exchange) {
      String target = String.valueOf(exchange.getRequestHeaders().getFirst("X-Amz-Target"));
      String operation = target.substring(target.indexOf('.') + 1);
      byte[] body = exchange.getRequestBody().readAllBytes();
      HttpResponse<byte[]> answer = sent(exchange, real, operation, body);
      count(
          operation + rows(operation, body),
          MEASURED.contains(operation) ? units(operation, answer) : new Units(0, 0));
      answer
          .headers()
          .map()
          .forEach(
              (name, values) -> {
                if (!HOP.contains(name) && !name.equals("transfer-encoding")) {
                  exchange.getResponseHeaders().put(name, values);
                }
              });
      exchange.sendResponseHeaders(answer.statusCode(), answer.body().length);
      exchange.getResponseBody().write(answer.body());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private HttpResponse<byte[]> sent(HttpExchange exchange, URI real, String operation, byte[] bytes)
      throws IOException, InterruptedException {
    byte[] body = bytes;
    if (MEASURED.contains(operation)) {
      // The emulator does not mind that this was not signed.
      String asked = new String(body, StandardCharsets.UTF_8);
      body =
          ("{\"ReturnConsumedCapacity\":\"TOTAL\"," + asked.substring(1))
              .getBytes(StandardCharsets.UTF_8);
    }
    var request =
        HttpRequest.newBuilder(real.resolve(exchange.getRequestURI()))
            .method(exchange.getRequestMethod(), BodyPublishers.ofByteArray(body));
    exchange
        .getRequestHeaders()
        .forEach(
            (name, values) -> {
              if (!HOP.contains(name.toLowerCase(Locale.ROOT))) {
                values.forEach(value -> request.header(name, value));
              }
            });
    return client.send(request.build(), BodyHandlers.ofByteArray());
  }

  /** Which kinds of rows a commit is of, like {@code " l/open r/owed"}. */
  private static String rows(String operation, byte[] body) throws IOException {
    if (!COMMITS.contains(operation)) {
      return "";
    }
    var kinds = new TreeSet<String>();
    for (JsonNode row : JSON.readTree(body).findParents("sk")) {
      kinds.add(kind(row.path("pk")) + "/" + kind(row.path("sk")));
    }
    return " " + String.join(" ", kinds);
  }

  private static String kind(JsonNode key) {
    return key.path("S").asText().split(":", -1)[0];
  }

  private static Units units(String operation, HttpResponse<byte[]> answer) throws IOException {
    double sum = 0;
    for (JsonNode each : JSON.readTree(answer.body()).findValues("CapacityUnits")) {
      sum += each.asDouble();
    }
    boolean reads = operation.equals("GetItem") || operation.equals("Query");
    return reads ? new Units(sum, 0) : new Units(0, sum);
  }

  private synchronized void count(String call, Units more) {
    calls.add(call);
    units = units.plus(more);
  }

  @Override
  public void close() {
    servers.forEach(server -> server.stop(0));
    threads.shutdownNow();
    buckets.close();
  }
}
