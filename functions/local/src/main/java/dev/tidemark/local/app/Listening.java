package dev.tidemark.local.app;

import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.failure.PermanentFailure.Kind;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where the API listens.
 *
 * @param host a name or an address
 * @param port 0 for any
 * @param tls null for none
 */
public record Listening(String host, int port, @Nullable Tls tls) {

  /**
   * PEM files.
   *
   * @param certificate with its chain
   * @param key PKCS #8, not encrypted
   */
  public record Tls(Path certificate, Path key) {}

  /**
   * Reads {@code HOST:PORT}; an address of IPv6 stands in brackets.
   *
   * @return nothing where it is something else
   */
  public static Optional<Listening> parse(String text, @Nullable Tls tls) {
    int colon = text.lastIndexOf(':');
    if (colon < 1 || !text.substring(colon + 1).matches("[0-9]{1,5}")) {
      return Optional.empty();
    }
    int port = Integer.parseInt(text.substring(colon + 1));
    String host = text.substring(0, colon);
    boolean bracketed = host.startsWith("[") && host.endsWith("]");
    if (port > 65_535 || (!bracketed && host.contains(":"))) {
      return Optional.empty();
    }
    return Optional.of(
        new Listening(bracketed ? host.substring(1, host.length() - 1) : host, port, tls));
  }

  /** Whether only this machine can reach it. */
  public boolean isLoopback() {
    try {
      for (InetAddress address : InetAddress.getAllByName(host)) {
        if (!address.isLoopbackAddress()) {
          return false;
        }
      }
      return true;
    } catch (UnknownHostException e) {
      throw PermanentFailure.of(Kind.INVALID, "--listen " + host + ":" + port)
          .expected("a host of this machine")
          .found("a name that nobody knows")
          .cause(e);
    }
  }
}
