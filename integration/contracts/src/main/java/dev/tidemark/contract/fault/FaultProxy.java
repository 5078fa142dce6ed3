package dev.tidemark.contract.fault;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A bad network between a client and a server of HTTP/1.1 on this machine. It listens on a free
 * port of the loopback interface, and hands bytes on as they come; a {@link NetworkPlan}, which may
 * be changed at any time, says for each exchange what goes wrong.
 *
 * <p>It knows as little of HTTP as it can. An exchange begins where a client sends what looks like
 * a request line, on a new connection or after an answer; requests in a pipeline count as one.
 * Under TLS, where nothing looks so, an exchange is a whole connection, and {@link
 * NetworkFault.Answer} is of no use.
 */
public final class FaultProxy implements AutoCloseable {
  private final int serverPort;
  private final ServerSocket listening;
  private final ExecutorService threads;
  private final Set<FaultyConnection> open = ConcurrentHashMap.newKeySet();
  private final Map<String, Integer> injected = new TreeMap<>();
  private NetworkPlan plan = NetworkPlan.none();

  private FaultProxy(int serverPort, ServerSocket listening) {
    this.serverPort = serverPort;
    this.listening = listening;
    var number = new AtomicInteger();
    this.threads =
        Executors.newCachedThreadPool(
            task -> {
              var thread = new Thread(task, "proxy-" + serverPort + "-" + number.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            });
  }

  /** A proxy before a port of the loopback interface; whether a server listens there may change. */
  public static FaultProxy before(int serverPort) {
    try {
      var proxy =
          new FaultProxy(serverPort, new ServerSocket(0, 50, InetAddress.getLoopbackAddress()));
      proxy.threads.execute(proxy::accept);
      return proxy;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public int port() {
    return listening.getLocalPort();
  }

  /** Like {@code http://127.0.0.1:8101}. */
  public String address() {
    return "http://127.0.0.1:" + port();
  }

  /** What goes wrong from now on; an exchange that has begun ends as it was to. */
  public synchronized FaultProxy plan(NetworkPlan next) {
    plan = next;
    return this;
  }

  /** How often what went wrong: faults to counts; exchanges that went well are not counted. */
  public synchronized Map<String, Integer> injected() {
    return new TreeMap<>(injected);
  }

  /** Resets all connections, also those that hang. */
  public void resetAll() {
    open.forEach(FaultyConnection::reset);
  }

  synchronized NetworkFault next(String request) {
    NetworkFault fault = plan.faultOf(request);
    if (fault != NetworkFault.PASS) {
      injected.merge(fault.toString(), 1, Integer::sum);
    }
    return fault;
  }

  private void accept() {
    while (!listening.isClosed()) {
      try {
        Socket client = listening.accept();
        var connection = new FaultyConnection(client, serverPort, this::next, open::remove);
        open.add(connection);
        connection.start(threads);
      } catch (IOException e) {
        // Closed; or the client has gone again.
      }
    }
  }

  @Override
  public void close() {
    try {
      listening.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    resetAll();
    threads.shutdownNow();
  }
}
