package dev.tidemark.core.staging;

import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A place for scratch objects. Keys are those of a {@link dev.tidemark.core.blob.BlobStore}; no key
 * may be the folder of another. Others write here too, as database servers do: what they write is
 * seen, and under what is no key of ours it is left alone and not listed.
 *
 * <p>An object is visible whole or not at all, and the last one written stays. It survives the
 * process that wrote it.
 *
 * <p>Every method throws {@link dev.tidemark.core.failure.TransientFailure} where trying again may
 * help or the outcome is unknown, and {@link dev.tidemark.core.failure.PermanentFailure} where it
 * cannot. Where the place itself is gone every method but {@link #description} and {@link #readUrl}
 * throws one of them. Clients may be used by several threads.
 */
public interface StagingArea {

  /** For how long anything here is kept, at most; a run that takes longer loses it. */
  Duration KEPT = Duration.ofDays(2);

  /** The most bytes that one {@link #put} or {@link #part} takes: 64 MiB. */
  long MAX_PUT_BYTES = 64L << 20;

  /** The least bytes of every part but the last: 5 MiB. */
  long MIN_PART_BYTES = 5L << 20;

  /** The most parts of an upload. */
  int MAX_PARTS = 10_000;

  /** The most keys that one {@link #delete} takes. */
  int MAX_DELETE_KEYS = 1_000;

  /**
   * Stores an object, in place of one that is there.
   *
   * @param bytes in order; read from position to limit, positions unchanged; at most {@link
   *     #MAX_PUT_BYTES} in all
   */
  void put(String key, List<ByteBuffer> bytes);

  /**
   * Reads part of an object.
   *
   * @return bytes from {@code offset} on: {@code length}, or fewer where the object ends before.
   *     Nothing where there is no such object
   */
  Optional<ByteBuffer> read(String key, long offset, int length);

  /** An object without its content; nothing where there is none. */
  Optional<StagedObject> head(String key);

  /**
   * The objects whose keys begin with {@code prefix}, in unsigned byte order.
   *
   * @param prefix any string, not only whole components; empty for all
   * @param after only keys greater than this one; null for the first page
   * @param limit 1 to 1 000
   * @return at most {@code limit} objects, and perhaps fewer although more follow; an empty page
   *     means that there are no more
   */
  List<StagedObject> list(String prefix, @Nullable String after, int limit);

  /**
   * Deletes objects; those that are not there are deleted.
   *
   * @param keys at most {@link #MAX_DELETE_KEYS}
   * @throws dev.tidemark.core.failure.TransientFailure where one of them is still there
   */
  void delete(List<String> keys);

  /** Begins an upload. Several of one key do not disturb each other; the last completed stays. */
  Upload begin(String key);

  /**
   * Stores a part, in place of one of that number.
   *
   * @param number 1 to {@link #MAX_PARTS}; the object is its parts in the order of their numbers
   * @param bytes at least {@link #MIN_PART_BYTES} but in the last part; at most {@link
   *     #MAX_PUT_BYTES}
   * @throws UploadGone where there is no such upload (any more)
   */
  StagedPart part(Upload upload, int number, List<ByteBuffer> bytes);

  /**
   * The parts that are stored, in the order of their numbers.
   *
   * @throws UploadGone where there is no such upload (any more)
   */
  List<StagedPart> parts(Upload upload);

  /**
   * Makes the object, in place of one that is there. Repeated after a lost reply it may find the
   * upload gone; then the object tells.
   *
   * @param parts all of them as {@link #part} or {@link #parts} answered, numbered without a gap
   * @throws UploadGone where there is no such upload (any more)
   * @throws dev.tidemark.core.failure.PermanentFailure INVALID where a part is not as named
   */
  void complete(Upload upload, List<StagedPart> parts);

  /** Gives an upload up, with its parts. One that is not there is given up. */
  void abort(Upload upload);

  /**
   * Uploads that are neither completed nor aborted, in the order of their keys.
   *
   * @param prefix of their objects' keys. Some servers know the uploads of one object only, and
   *     list nothing unless this is its whole key
   * @param before begun before this moment
   */
  List<Upload> uploads(String prefix, Instant before);

  /**
   * An address at which anybody can read an object for some time, by plain HTTP; nothing where the
   * store has none. The object need not be there yet.
   *
   * @param life at most 7 days
   */
  Optional<URI> readUrl(String key, Duration life);

  /**
   * What the store removes by itself, of what lies under a prefix.
   *
   * @param prefix as in {@link #list}
   */
  Expiry expiry(String prefix);

  /** For messages: which bucket or folder this is. Nothing secret. */
  String description();

  /** There is no such upload: it was completed, aborted, or removed by the store. */
  final class UploadGone extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public UploadGone(Upload upload, @Nullable Throwable cause) {
      super("no upload %s of object %s".formatted(upload.id(), upload.key()), cause);
    }
  }
}
