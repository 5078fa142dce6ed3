package dev.tidemark.contract.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What clients see of a bad network, before a real server. */
class FaultProxyTest {
  private static final byte[] LARGE = new byte[300_000];
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private final AtomicInteger worked = new AtomicInteger();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final HttpServer server;
  private final FaultProxy proxy;
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  FaultProxyTest() throws IOException {
    Arrays.fill(LARGE, (byte) 'x');
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::work);
    server.start();
    proxy = FaultProxy.before(server.getAddress().getPort());
  }

  private void work(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] sent = exchange.getRequestBody().readAllBytes();
      worked.incrementAndGet();
      byte[] answer = exchange.getRequestMethod().equals("GET") ? LARGE : sent;
      exchange.sendResponseHeaders(200, answer.length);
      exchange.getResponseBody().write(answer);
    }
  }

  @AfterEach
  void stop() {
    proxy.close();
    server.stop(0);
    threads.shutdownNow();
  }

  @Test
  void manyExchangesPassUnharmedSideBySide() throws Exception {
    List<HttpResponse<byte[]>> answers = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      answers.add(get());
      assertThat(post(LARGE).body()).isEqualTo(LARGE);
    }
    assertThat(answers).allSatisfy(answer -> assertThat(answer.body()).isEqualTo(LARGE));
    var all =
        IntStream.range(0, 8)
            .mapToObj(i -> client.sendAsync(request(PATIENCE).build(), BodyHandlers.ofByteArray()))
            .toList();
    for (var each : all) {
      assertThat(each.get().body()).isEqualTo(LARGE);
    }
    assertThat(proxy.injected()).isEmpty();
  }

  @Test
  void anExchangeHangsOnAConnectionOnWhichAnotherWentWell() throws Exception {
    get();
    proxy.plan(NetworkPlan.always(NetworkFault.HANG));
    assertThatExceptionOfType(HttpTimeoutException.class)
        .isThrownBy(() -> get(Duration.ofSeconds(1)));
    assertThat(worked).hasValue(1);
    proxy.plan(NetworkPlan.none());
    assertThat(get().statusCode()).isEqualTo(200);
  }

  @Test
  void anAnswerIsGivenInPlaceOfTheServerWhichDoesNotWork() throws Exception {
    proxy.plan(NetworkPlan.always(new NetworkFault.Answer(503)));
    assertThat(get().statusCode()).isEqualTo(503);
    assertThat(post(LARGE).statusCode()).isEqualTo(503);
    assertThat(worked).hasValue(0);
  }

  @Test
  void aRefusedRequestIsNotWorked() {
    proxy.plan(NetworkPlan.always(NetworkFault.REFUSE));
    assertThatExceptionOfType(IOException.class).isThrownBy(() -> post(LARGE));
    assertThat(worked).hasValue(0);
  }

  @Test
  void aReplyIsLostAfterTheWorkWasDone() {
    proxy.plan(NetworkPlan.always(NetworkFault.LOSE_REPLY));
    assertThatExceptionOfType(IOException.class).isThrownBy(() -> post(new byte[3]));
    assertThat(worked).hasValue(1);
  }

  @Test
  void theBodyOfAnAnswerIsCutAfterItsHead() throws IOException {
    proxy.plan(NetworkPlan.always(NetworkFault.CUT));
    String answer = raw("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
    assertThat(answer).startsWith("HTTP/1.1 200").contains("\r\n\r\n").endsWith("x");
    assertThat(answer.length()).isLessThan(LARGE.length);
    assertThatExceptionOfType(IOException.class).isThrownBy(() -> get());
  }

  @Test
  void aHalfClosedConnectionAnswersNothing() throws IOException {
    proxy.plan(NetworkPlan.always(NetworkFault.HALF_CLOSE));
    assertThat(raw("GET / HTTP/1.1\r\nHost: h\r\n\r\n")).isEmpty();
    assertThat(worked).hasValue(1);
    assertThatExceptionOfType(IOException.class).isThrownBy(() -> get());
  }

  @Test
  void aSlowNetworkTakesItsTime() throws Exception {
    proxy.plan(NetworkPlan.always(new NetworkFault.Slow(LARGE.length)));
    Duration least = PATIENCE;
    // A busy machine may take its time too, but not each time.
    for (int i = 0; i < 4 && least.compareTo(Duration.ofSeconds(5)) > 0; i++) {
      long start = System.nanoTime();
      assertThat(get().body()).isEqualTo(LARGE);
      Duration taken = Duration.ofNanos(System.nanoTime() - start);
      least = taken.compareTo(least) < 0 ? taken : least;
    }
    assertThat(least).isBetween(Duration.ofMillis(800), Duration.ofSeconds(5));
  }

  @Test
  void aPlanMeansSomeRequestsAndEnds() throws Exception {
    proxy.plan(
        NetworkPlan.first(1, request -> request.startsWith("POST"), new NetworkFault.Answer(503)));
    assertThat(get().statusCode()).isEqualTo(200);
    assertThat(post(new byte[1]).statusCode()).isEqualTo(503);
    assertThat(post(new byte[1]).statusCode()).isEqualTo(200);
    assertThat(proxy.injected()).isEqualTo(Map.of("Answer[status=503]", 1));
  }

  @Test
  void theSameSeedGivesTheSameFaults() {
    assertThat(some(7)).isEqualTo(some(7)).isNotEqualTo(some(8)).contains(NetworkFault.CUT);
  }

  private static List<NetworkFault> some(long seed) {
    NetworkPlan plan = NetworkPlan.seeded(seed, 2, NetworkFault.QUICK);
    return Stream.generate(() -> plan.faultOf("GET / HTTP/1.1")).limit(100).toList();
  }

  @Test
  void aStormIsTheSameFaultInARowAndPasses() {
    NetworkPlan plan = NetworkPlan.storms(7, 10, 5, NetworkFault.QUICK);
    List<NetworkFault> faults =
        Stream.generate(() -> plan.faultOf("GET / HTTP/1.1")).limit(1_000).toList();
    int longest = 0;
    int row = 0;
    for (int i = 1; i < faults.size(); i++) {
      boolean goesOn =
          faults.get(i) != NetworkFault.PASS && faults.get(i).equals(faults.get(i - 1));
      row = goesOn ? row + 1 : 0;
      longest = Math.max(longest, row + 1);
    }
    assertThat(longest).isBetween(4, 10);
    assertThat(faults).contains(NetworkFault.PASS, NetworkFault.LOSE_REPLY, NetworkFault.CUT);
  }

  @Test
  void aServerThatIsGoneEndsTheConnection() {
    server.stop(0);
    assertThatExceptionOfType(IOException.class).isThrownBy(() -> get());
  }

  private HttpRequest.Builder request(Duration patience) {
    return HttpRequest.newBuilder(URI.create(proxy.address() + "/path")).timeout(patience);
  }

  private HttpResponse<byte[]> get() throws IOException, InterruptedException {
    return get(PATIENCE);
  }

  private HttpResponse<byte[]> get(Duration patience) throws IOException, InterruptedException {
    return client.send(request(patience).build(), BodyHandlers.ofByteArray());
  }

  private HttpResponse<byte[]> post(byte[] body) throws IOException, InterruptedException {
    return client.send(
        request(PATIENCE).POST(BodyPublishers.ofByteArray(body)).build(),
        BodyHandlers.ofByteArray());
  }

  /** What a client that knows nothing of HTTP gets until its connection ends. */
  private String raw(String request) throws IOException {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), proxy.port())) {
      socket.setSoTimeout((int) PATIENCE.toMillis());
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    }
  }
}
