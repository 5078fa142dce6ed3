package dev.tidemark.core.config;

import dev.tidemark.core.blob.BlobStore;
import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.failure.PermanentFailure.Kind;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Configurations as objects {@code configurations/<digest>.json} of a bucket that is no vault. */
public final class BlobConfigurations implements Configurations {
  private static final int MAX_BYTES = 8 << 20;

  private final BlobStore bucket;

  public BlobConfigurations(BlobStore bucket) {
    this.bucket = bucket;
  }

  @Override
  public void put(Configuration configuration) {
    byte[] json = configuration.json().getBytes(StandardCharsets.UTF_8);
    // What is there already was kept under the same digest.
    bucket.create(key(configuration.digest()), List.of(ByteBuffer.wrap(json)));
  }

  @Override
  public Configuration read(String digest) {
    String key = key(digest);
    ByteBuffer json =
        bucket
            .read(key, 0, MAX_BYTES)
            .orElseThrow(
                () ->
                    PermanentFailure.of(Kind.NOT_FOUND, "configuration " + digest)
                        .expected("an object " + key + " in " + bucket.description())
                        .found("none")
                        .hint("was the bucket emptied while a run was in progress?"));
    try {
      Configuration read = Configuration.parse(StandardCharsets.UTF_8.decode(json).toString());
      if (read.digest().equals(digest)) {
        return read;
      }
      throw damaged(key, "content with the digest " + read.digest());
    } catch (IllegalArgumentException e) {
      throw damaged(key, "no configuration").cause(e);
    }
  }

  private PermanentFailure damaged(String key, String found) {
    return PermanentFailure.of(Kind.DAMAGED, "configuration " + key + " in " + bucket.description())
        .expected("what was kept under this digest")
        .found(found);
  }

  private static String key(String digest) {
    if (!digest.matches("[0-9a-f]{64}")) {
      throw PermanentFailure.of(Kind.INVALID, "digest of a configuration")
          .expected("64 hex digits")
          .found("'" + digest + "'");
    }
    return "configurations/" + digest + ".json";
  }
}
