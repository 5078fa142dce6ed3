package dev.tidemark.api.access;

import dev.tidemark.core.config.TokenConfig;
import dev.tidemark.core.secret.SecretStore;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import java.security.MessageDigest;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Knows callers by {@code Authorization: Bearer}; holds hashes only. */
public final class TokenCallers implements Callers {
  private static final String SCHEME = "Bearer ";
  private static final String EXPECTED =
      "header Authorization with a token of this server (scheme Bearer)";

  private final List<Known> tokens;

  /** Who a token is, and its digest. */
  private static final class Known {
    private final Caller caller;
    private final byte[] digest;

    Known(Caller caller, byte[] digest) {
      this.caller = caller;
      this.digest = digest;
    }

    boolean is(byte[] other) {
      return MessageDigest.isEqual(digest, other);
    }
  }

  private TokenCallers(List<Known> tokens) {
    this.tokens = tokens;
  }

  /**
   * @param secrets for tokens that are configured by reference; each is read once, now
   * @throws dev.tidemark.core.failure.PermanentFailure where a secret cannot be read
   */
  public static TokenCallers of(Collection<TokenConfig> tokens, SecretStore secrets) {
    return new TokenCallers(
        tokens.stream()
            .map(token -> new Known(new Caller(token.name(), token.role()), digest(token, secrets)))
            .toList());
  }

  private static byte[] digest(TokenConfig token, SecretStore secrets) {
    String hash = token.hash();
    return hash != null
        ? Token.parse(hash)
        : Token.digest(secrets.resolve(String.valueOf(token.secret())));
  }

  @Override
  public Caller caller(HttpRequest<?> request) {
    String header = request.getHeaders().get(HttpHeaders.AUTHORIZATION);
    if (header == null) {
      throw AccessDenied.unknown(EXPECTED, "no such header");
    }
    if (!header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
      throw AccessDenied.unknown(EXPECTED, "another scheme");
    }
    byte[] digest = Token.digest(header.substring(SCHEME.length()).strip());
    Caller found = null;
    // Every one is compared, and each in constant time: how long it takes tells nothing.
    for (Known known : tokens) {
      found = either(known.is(digest), known.caller, found);
    }
    if (found == null) {
      throw AccessDenied.unknown(EXPECTED, "a token that is not known");
    }
    return found;
  }

  private static @Nullable Caller either(boolean first, Caller one, @Nullable Caller other) {
    return first ? one : other;
  }
}
