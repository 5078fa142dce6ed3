package dev.tidemark.store.s3;

import dev.tidemark.core.blob.Checksum;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The bucket and the prefix: which of its names stand for keys, and back. */
final class Place {
  private final String bucket;
  private final String root;

  Place(S3Config config) {
    this.bucket = config.bucket();
    this.root = config.prefix().isEmpty() ? "" : config.prefix() + "/";
  }

  String bucket() {
    return bucket;
  }

  /** The object's name in the bucket; of a prefix of keys, the prefix of names. */
  String name(String key) {
    return root + key;
  }

  String key(String name) {
    return name.substring(root.length());
  }

  /**
   * The strongest checksum of whole objects that an answer names. A composite one, of an object
   * made of parts, ends in a dash and the number of its parts, and says nothing of the whole.
   *
   * @param sha256 in Base64, as {@code crc64} is
   */
  static Checksum checksum(@Nullable String sha256, @Nullable String crc64) {
    return whole("sha256", sha256).or(() -> whole("crc64nvme", crc64)).orElse(Checksum.NONE);
  }

  private static Optional<Checksum> whole(String kind, @Nullable String base64) {
    return Optional.ofNullable(base64)
        .filter(text -> !text.isEmpty() && text.indexOf('-') < 0)
        .map(
            text -> new Checksum(kind, HexFormat.of().formatHex(Base64.getDecoder().decode(text))));
  }
}
