package dev.tidemark.store.s3;

import dev.tidemark.core.blob.BlobLimits;
import dev.tidemark.store.s3.AwsFailures.Call;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ChecksumMode;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.S3Object;

/** Reads and lists the objects of one bucket below its prefix, by keys without it. */
final class S3Reads {
  /** S3 stores 48.8 TiB an object; servers disagree on what a range beyond any object is. */
  private static final long BEYOND_ANY_OBJECT = 1L << 50;

  private final S3Client client;
  private final Place place;
  private final S3Failures failures;

  S3Reads(S3Client client, Place place, S3Failures failures) {
    this.client = client;
    this.place = place;
    this.failures = failures;
  }

  /** At most {@code length} bytes, fewer or none at the end of the object; nothing if missing. */
  Optional<ByteBuffer> read(String key, long offset, int length) {
    BlobLimits.requireKey(key);
    BlobLimits.requireRange(key, offset, length);
    if (length == 0 || offset > BEYOND_ANY_OBJECT) {
      return head(key).map(head -> ByteBuffer.allocate(0));
    }
    String range = "bytes=" + offset + "-" + (offset + length - 1);
    try {
      return Optional.of(
          client.getObject(
              get -> get.bucket(place.bucket()).key(place.name(key)).range(range),
              new RangeReader(offset, length)));
    } catch (SdkException e) {
      if (status(e) == 416) {
        return Optional.of(ByteBuffer.allocate(0));
      }
      if (AwsFailures.code(e).equals("NoSuchKey")) {
        return Optional.empty();
      }
      throw failures.of(failures.onObject("read object " + key, "s3:GetObject"), e);
    }
  }

  Optional<HeadObjectResponse> head(String key) {
    BlobLimits.requireKey(key);
    Call call = failures.onObject("look at object " + key, "s3:GetObject");
    try {
      return Optional.of(
          client.headObject(
              head ->
                  head.bucket(place.bucket())
                      .key(place.name(key))
                      .checksumMode(ChecksumMode.ENABLED)));
    } catch (SdkException e) {
      if (status(e) != 404) {
        throw failures.of(call, e);
      }
      requireBucket(call);
      return Optional.empty();
    }
  }

  /** A HEAD has no body, so that a missing object and a missing bucket look the same. */
  private void requireBucket(Call call) {
    try {
      var unused = client.headBucket(head -> head.bucket(place.bucket()));
    } catch (SdkException e) {
      throw failures.of(
          status(e) == 403 ? failures.onBucket(call.doing(), "s3:ListBucket") : call, e);
    }
  }

  /**
   * A page in the order of keys; empty at the end only.
   *
   * @param info makes what is wanted of a key and its object
   */
  <T> List<T> list(
      String prefix, @Nullable String after, int limit, BiFunction<String, S3Object, T> info) {
    BlobLimits.requirePage(prefix, limit);
    if (!beginsKeys(prefix)) {
      // Some servers refuse it.
      requireBucket(failures.onBucket("list objects", "s3:ListBucket"));
      return List.of();
    }
    List<T> page = new ArrayList<>();
    String from = after == null ? null : place.name(after);
    boolean more = true;
    // What is no key, like the marker of a folder, must not make a page look like the last one.
    while (page.isEmpty() && more) {
      ListObjectsV2Response answer = listed(prefix, from, limit);
      for (S3Object object : answer.contents()) {
        from = object.key();
        String key = place.key(object.key());
        if (BlobLimits.isKey(key)) {
          page.add(info.apply(key, object));
        }
      }
      more = Boolean.TRUE.equals(answer.isTruncated()) && !answer.contents().isEmpty();
    }
    return page;
  }

  private static boolean beginsKeys(String prefix) {
    return prefix.isEmpty() || BlobLimits.isKey(prefix) || BlobLimits.isKey(prefix + "x");
  }

  private ListObjectsV2Response listed(String prefix, @Nullable String from, int limit) {
    try {
      return client.listObjectsV2(
          list ->
              list.bucket(place.bucket())
                  .prefix(place.name(prefix))
                  .startAfter(from)
                  .maxKeys(limit));
    } catch (SdkException e) {
      throw failures.of(
          failures.onBucket("list the objects under '" + prefix + "'", "s3:ListBucket"), e);
    }
  }

  private static int status(SdkException error) {
    return error instanceof AwsServiceException answer ? answer.statusCode() : 0;
  }
}
