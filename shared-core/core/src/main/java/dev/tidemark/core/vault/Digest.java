package dev.tidemark.core.vault;

/**
 * A digest of plaintext.
 *
 * @param kind {@code sha256} or {@code sha256-8m}
 * @param hex lower case
 */
public record Digest(String kind, String hex) {
  public static final String SHA256 = "sha256";
  public static final String TREE = "sha256-8m";

  @Override
  public String toString() {
    return kind + ":" + hex;
  }
}
