package dev.tidemark.contract;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Ports of the loopback interface for servers that may stop and start again on the same one. None
 * is given twice, also not to another JVM while this one lives: each takes them from blocks of its
 * own, and listens on the first port of a block to say that it is taken.
 */
public final class FreePorts {
  private static final int FIRST = 20_000;

  /**
   * Where Linux begins to take ports of outgoing connections: one of those could take a server's
   * port while that is down.
   *
   * @see <a href="https://docs.kernel.org/networking/ip-sysctl.html">ip_local_port_range</a>
   */
  private static final int END = 32_768;

  private static final int BLOCK = 32;
  private static final int BLOCKS = (END - FIRST) / BLOCK;

  /** Open until this JVM ends. */
  private static final List<ServerSocket> TAKEN = new ArrayList<>();

  private static int next;
  private static int left;

  private FreePorts() {}

  /** A port on which nobody listens. */
  public static synchronized int any() {
    while (true) {
      if (left == 0) {
        takeBlock();
      }
      left--;
      int port = next++;
      if (isFree(port)) {
        return port;
      }
    }
  }

  /** A port on which nobody listens, and nobody on the next one either. */
  public static synchronized int pair() {
    int first = any();
    int second = any();
    while (second != first + 1) {
      first = second;
      second = any();
    }
    return first;
  }

  private static void takeBlock() {
    int start = ThreadLocalRandom.current().nextInt(BLOCKS);
    for (int i = 0; i < BLOCKS; i++) {
      int first = FIRST + (start + i) % BLOCKS * BLOCK;
      try {
        TAKEN.add(listener(first));
        next = first + 1;
        left = BLOCK - 1;
        return;
      } catch (BindException taken) {
        // Another JVM's, or this one's own.
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    throw new IllegalStateException(
        "expected free ports from %d to %d, found none".formatted(FIRST, END - 1));
  }

  private static boolean isFree(int port) {
    try (var socket = listener(port)) {
      return socket.isBound();
    } catch (BindException taken) {
      return false;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static ServerSocket listener(int port) throws IOException {
    return new ServerSocket(port, 1, InetAddress.getLoopbackAddress());
  }
}
