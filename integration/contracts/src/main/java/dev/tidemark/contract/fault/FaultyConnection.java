package dev.tidemark.contract.fault;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A client's connection, with one to the server once an exchange needs it. */
final class FaultyConnection {
  private static final int BUFFER_BYTES = 64 << 10;
  private static final int SLOW_PIECES_A_SECOND = 10;
  private static final Pattern REQUEST = Pattern.compile("[A-Z]+ \\S+ HTTP/1\\.[01]");

  interface Chooser {
    NetworkFault next(String request);
  }

  private final Socket client;
  private final int serverPort;
  private final Chooser chooser;
  private final Consumer<FaultyConnection> onEnd;
  private volatile @Nullable Socket server;
  private volatile NetworkFault fault = NetworkFault.PASS;
  private volatile boolean answered = true;

  /** Where the answer of this exchange is: the last bytes that may be of its head's end. */
  private String seen = "";

  private boolean inBody;

  FaultyConnection(
      Socket client, int serverPort, Chooser chooser, Consumer<FaultyConnection> onEnd) {
    this.client = client;
    this.serverPort = serverPort;
    this.chooser = chooser;
    this.onEnd = onEnd;
  }

  void start(Executor threads) {
    threads.execute(
        () -> {
          try {
            requests(threads);
          } catch (IOException e) {
            // One side has gone: so does the other.
            reset();
          }
        });
  }

  private void requests(Executor threads) throws IOException {
    byte[] bytes = new byte[BUFFER_BYTES];
    int n = client.getInputStream().read(bytes);
    for (; n >= 0; n = client.getInputStream().read(bytes)) {
      if (begins(bytes, n)) {
        fault = chooser.next(firstLine(bytes, n));
        answered = false;
        if (fault instanceof NetworkFault.Answer answer) {
          answer(answer.status());
        }
      }
      if (fault instanceof NetworkFault.Refuse) {
        reset();
        return;
      }
      if (!(fault instanceof NetworkFault.Answer || fault instanceof NetworkFault.Hang)) {
        write(server(threads).getOutputStream(), bytes, n);
      }
    }
    if (server != null) {
      server.shutdownOutput();
    } else {
      end();
    }
  }

  private boolean begins(byte[] bytes, int length) {
    return answered && (server == null || REQUEST.matcher(firstLine(bytes, length)).matches());
  }

  private static String firstLine(byte[] bytes, int length) {
    return new String(bytes, 0, length, StandardCharsets.ISO_8859_1).split("\r?\n", 2)[0];
  }

  private Socket server(Executor threads) throws IOException {
    Socket made = server;
    if (made == null) {
      made = new Socket(InetAddress.getLoopbackAddress(), serverPort);
      server = made;
      Socket from = made;
      threads.execute(() -> answers(from));
    }
    return made;
  }

  private void answers(Socket from) {
    byte[] bytes = new byte[BUFFER_BYTES];
    try {
      int n = from.getInputStream().read(bytes);
      for (; n >= 0; n = from.getInputStream().read(bytes)) {
        if (!answered) {
          answered = true;
          seen = "";
          inBody = false;
        }
        if (!pass(bytes, n)) {
          return;
        }
      }
      end();
    } catch (IOException e) {
      reset();
    }
  }

  /** Whether the connection goes on. */
  private boolean pass(byte[] bytes, int length) throws IOException {
    if (fault instanceof NetworkFault.LoseReply) {
      reset();
      return false;
    }
    if (fault instanceof NetworkFault.HalfClose) {
      if (!client.isOutputShutdown()) {
        client.shutdownOutput();
      }
      return true;
    }
    if (fault instanceof NetworkFault.Cut) {
      return passUntilCut(bytes, length);
    }
    write(client.getOutputStream(), bytes, length);
    return true;
  }

  private boolean passUntilCut(byte[] bytes, int length) throws IOException {
    int body = bodyFrom(bytes, length);
    if (body >= length) {
      client.getOutputStream().write(bytes, 0, length);
      return true;
    }
    client.getOutputStream().write(bytes, 0, body + (length - body) / 2);
    end();
    return false;
  }

  /** Where the body begins in these bytes; behind them where it does not yet. */
  private int bodyFrom(byte[] bytes, int length) {
    if (inBody) {
      return 0;
    }
    String all = seen + new String(bytes, 0, length, StandardCharsets.ISO_8859_1);
    int end = all.indexOf("\r\n\r\n");
    if (end < 0) {
      seen = all.substring(Math.max(0, all.length() - 3));
      return length;
    }
    inBody = true;
    return end + 4 - (all.length() - length);
  }

  private void write(OutputStream to, byte[] bytes, int length) throws IOException {
    if (!(fault instanceof NetworkFault.Slow slow)) {
      to.write(bytes, 0, length);
      return;
    }
    int piece = Math.max(1, slow.bytesPerSecond() / SLOW_PIECES_A_SECOND);
    for (int at = 0; at < length; at += piece) {
      int n = Math.min(piece, length - at);
      to.write(bytes, at, n);
      LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(n) / slow.bytesPerSecond());
    }
  }

  /** What the client still sends is read and dropped, so that a reset does not lose the answer. */
  private void answer(int status) throws IOException {
    String text =
        "HTTP/1.1 %d Injected\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".formatted(status);
    client.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    client.shutdownOutput();
  }

  /** Closes both sides with a reset, not in order. */
  void reset() {
    try {
      client.setSoLinger(true, 0);
    } catch (IOException e) {
      // It is closed already.
    }
    end();
  }

  private void end() {
    onEnd.accept(this);
    close(client);
    Socket made = server;
    if (made != null) {
      close(made);
    }
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // As good as closed.
    }
  }
}
