package dev.tidemark.core.blob;

import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.failure.PermanentFailure.Kind;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.regex.Pattern;

/**
 * What every adapter refuses before it asks its provider, so that all refuse the same. The failures
 * are {@link PermanentFailure}s of kind INVALID.
 */
public final class BlobLimits {
  /** The longest key, in bytes. */
  public static final int MAX_KEY_BYTES = 900;

  /** The largest page of a list. */
  public static final int MAX_PAGE = 1_000;

  private static final Pattern KEY =
      Pattern.compile("[a-zA-Z0-9_-][a-zA-Z0-9_.-]{0,254}(/[a-zA-Z0-9_-][a-zA-Z0-9_.-]{0,254})*+");

  private BlobLimits() {}

  /** Whether a text is a key as {@link BlobStore} describes it. */
  public static boolean isKey(String text) {
    return text.length() <= MAX_KEY_BYTES && KEY.matcher(text).matches();
  }

  /** Answers a key that is one. */
  public static String requireKey(String key) {
    if (!isKey(key)) {
      throw PermanentFailure.of(Kind.INVALID, "object key '" + printable(key) + "'")
          .expected(
              "up to 900 bytes of components joined by '/', each 1 to 255 of [a-zA-Z0-9_.-]"
                  + " and not beginning with '.'")
          .found(key.isEmpty() ? "nothing" : key.length() + " characters that are none");
    }
    return key;
  }

  /** How many bytes the buffers of an object hold, if that is not too many. */
  public static long requireSize(String key, List<ByteBuffer> bytes) {
    long size = 0;
    for (ByteBuffer buffer : bytes) {
      size += buffer.remaining();
    }
    if (size > BlobStore.MAX_OBJECT_BYTES) {
      throw PermanentFailure.of(Kind.INVALID, "object " + key)
          .expected("at most " + BlobStore.MAX_OBJECT_BYTES + " bytes")
          .found(size + " bytes");
    }
    return size;
  }

  public static void requireRange(String key, long offset, int length) {
    if (offset < 0 || length < 0) {
      throw PermanentFailure.of(Kind.INVALID, "range of object " + key)
          .expected("an offset and a length that are not negative")
          .found("offset " + offset + " and length " + length);
    }
  }

  public static void requirePage(String prefix, int limit) {
    if (limit < 1 || limit > MAX_PAGE) {
      throw PermanentFailure.of(Kind.INVALID, "list of objects under '" + printable(prefix) + "'")
          .expected("a limit from 1 to " + MAX_PAGE)
          .found(Integer.toString(limit));
    }
  }

  public static void requireDeletable(List<String> keys) {
    if (keys.size() > BlobStore.MAX_DELETE_KEYS) {
      throw PermanentFailure.of(Kind.INVALID, "delete of objects")
          .expected("at most " + BlobStore.MAX_DELETE_KEYS + " keys")
          .found(keys.size() + " keys");
    }
    keys.forEach(BlobLimits::requireKey);
  }

  /** The start of a text that came from outside, safe for a message of one line. */
  private static String printable(String text) {
    String start = text.length() <= 200 ? text : text.substring(0, 200) + "…";
    return start.replaceAll("\\p{Cntrl}", "?");
  }
}
