package dev.tidemark.contract;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/** Ports of the loopback interface for servers that may stop and start again on the same one. */
public final class FreePorts {
  private static final int FIRST = 20_000;

  /**
   * Where Linux begins to take ports of outgoing connections: one of those could take a server's
   * port while that is down.
   *
   * @see <a href="https://docs.kernel.org/networking/ip-sysctl.html">ip_local_port_range</a>
   */
  private static final int END = 32_768;

  private FreePorts() {}

  /** A port on which nobody listens. */
  public static int any() {
    while (true) {
      int port = ThreadLocalRandom.current().nextInt(FIRST, END);
      if (isFree(port)) {
        return port;
      }
    }
  }

  /** A port on which nobody listens, and nobody on the next one either. */
  public static int pair() {
    while (true) {
      int port = any();
      if (isFree(port + 1)) {
        return port;
      }
    }
  }

  private static boolean isFree(int port) {
    try (var socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      return socket.isBound();
    } catch (BindException taken) {
      return false;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
