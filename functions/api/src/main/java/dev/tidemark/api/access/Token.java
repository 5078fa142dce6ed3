package dev.tidemark.api.access;

import dev.tidemark.core.time.Ids;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;

/**
 * Bearer tokens: 256 random bits, which are shown once, when they are made. What is kept is the
 * SHA-256 of the token's text. No salt and no slow hash: those protect secrets that people choose
 * and others can guess, while 2^256 tokens cannot be tried at any speed; and a slow hash would let
 * anybody who sends wrong tokens keep the server busy.
 */
public final class Token {
  /** By which people and scanners of repositories recognize one. */
  public static final String PREFIX = "tidemark_";

  private static final int BYTES = 32;

  private Token() {}

  /**
   * @param ids of a cryptographic source
   */
  public static String mint(Ids ids) {
    return PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(ids.bytes(BYTES));
  }

  /** {@code sha256:} and 64 lower-case hex digits. */
  public static String hash(String token) {
    return "sha256:" + HexFormat.of().formatHex(digest(token));
  }

  static byte[] digest(String token) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JVM has SHA-256", e);
    }
  }

  static byte[] parse(String hash) {
    return HexFormat.of().parseHex(hash.substring("sha256:".length()));
  }
}
