package dev.tidemark.core.config;

import org.jspecify.annotations.Nullable;

/**
 * A bearer token of the API by its configured name. Either its hash is known here, or where the
 * token itself is kept.
 *
 * @param hash {@code sha256:} and 64 lower-case hex digits; null where {@code secret} is set
 * @param secret a reference for a {@link dev.tidemark.core.secret.SecretStore}; null where {@code
 *     hash} is set
 */
public record TokenConfig(String name, Role role, @Nullable String hash, @Nullable String secret) {

  static TokenConfig of(String name, Options options) {
    return new TokenConfig(
        name,
        Role.named(options.text("role")).orElseThrow(),
        options.textIfSet("hash"),
        options.textIfSet("token"));
  }
}
