package dev.tidemark.core.blob;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A place for immutable objects. A key is up to 900 bytes of components joined by {@code '/'}, each
 * 1 to 255 of {@code [a-zA-Z0-9_.-]} and not beginning with {@code '.'}; {@link BlobLimits} tells.
 * No key may be the folder of another ({@code a} beside {@code a/b}): a store may refuse the second
 * of them, as INVALID.
 *
 * <p>What the medium owes:
 *
 * <ul>
 *   <li>An object is visible whole or not at all, to every client, as soon as {@link #create} has
 *       answered, also in {@link #list}; and it then survives a loss of power.
 *   <li>An object is never overwritten. Of several creators of a key exactly one creates it.
 *   <li>Keys are listed in unsigned byte order.
 * </ul>
 *
 * <p>Every method throws {@link dev.tidemark.core.failure.TransientFailure} where trying again may
 * help or the outcome is unknown, and {@link dev.tidemark.core.failure.PermanentFailure} where it
 * cannot (a key that is none, missing permission). Where the place itself is gone every method but
 * {@link #description} throws one of them: a vault whose bucket was deleted, or whose disk is not
 * mounted, must not look like an empty one. Clients may be used by several threads.
 */
public interface BlobStore {

  /** The largest object that {@link #create} takes: 64 MiB. */
  long MAX_OBJECT_BYTES = 64L << 20;

  /** The most keys that one {@link #delete} takes. */
  int MAX_DELETE_KEYS = 1_000;

  /**
   * Stores an object in one conditional request, with the strongest checksum that the store
   * verifies. If the key exists nothing changes. A retry inside the adapter that meets the very
   * bytes which it sent answers CREATED.
   *
   * @param bytes the object's content, in order; read from position to limit, positions unchanged.
   *     At most {@link #MAX_OBJECT_BYTES} in all
   */
  Creation create(String key, List<ByteBuffer> bytes);

  /**
   * Reads part of an object.
   *
   * @return bytes from {@code offset} on: {@code length}, or fewer where the object ends before;
   *     empty where it ends at or before {@code offset}. Nothing where there is no such object
   */
  Optional<ByteBuffer> read(String key, long offset, int length);

  /** Size, checksum and class of an object; nothing where there is none. */
  Optional<BlobInfo> head(String key);

  /**
   * The objects whose keys begin with {@code prefix}, in unsigned byte order.
   *
   * @param prefix any string, not only whole components; empty for all
   * @param after only keys greater than this one; null for the first page
   * @param limit 1 to 1 000
   * @return at most {@code limit} objects; an empty page means that there are no more. The store
   *     may answer fewer than {@code limit} although more follow
   */
  List<BlobInfo> list(String prefix, @Nullable String after, int limit);

  /**
   * Deletes objects, each for itself.
   *
   * @param keys at most {@link #MAX_DELETE_KEYS}
   * @return one outcome per key, in order
   */
  List<Deletion> delete(List<String> keys);

  /**
   * Copies an object inside the store, without moving its bytes through the caller. May be called
   * again after any failure.
   *
   * @return as {@link #create}; {@link Creation#existed()} where the target is there, whatever its
   *     content
   * @throws dev.tidemark.core.failure.PermanentFailure NOT_FOUND where there is no source
   */
  Creation copy(String from, String to);

  /** For messages: which bucket, folder or account this is. Nothing secret. */
  String description();
}
