package dev.tidemark.engine.http;

import dev.tidemark.core.config.Options;
import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.failure.PermanentFailure.Kind;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** PEM files: whom to trust, and who we are. */
public record TlsFiles(@Nullable Path authority, @Nullable Path certificate, @Nullable Path key) {

  /**
   * Those of a cluster's configuration; null where it names none.
   *
   * @param cluster its name
   * @param options what it says under {@code tls}
   * @throws PermanentFailure INVALID where a certificate comes without its key
   */
  public static @Nullable TlsFiles of(String cluster, Options options) {
    if (options.names().isEmpty()) {
      return null;
    }
    if (options.has("certificate") != options.has("key")) {
      throw PermanentFailure.of(Kind.INVALID, "clusters." + cluster + ".tls")
          .expected("certificate and key together, or neither")
          .found("one of them");
    }
    return new TlsFiles(
        path(options, "authority"), path(options, "certificate"), path(options, "key"));
  }

  private static @Nullable Path path(Options options, String key) {
    return options.has(key) ? options.path(key) : null;
  }
}
