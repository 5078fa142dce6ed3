package dev.tidemark.core.engine;

import dev.tidemark.core.tree.EntryPath;
import dev.tidemark.core.tree.FileMeta;
import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.Optional;

/**
 * A unit as a tree of files that can be read at any offset. {@link #open} and the files that it
 * gives may be used by several threads at once; a listing by one thread at a time.
 *
 * <p>Any method may throw {@link SnapshotGone} where the snapshot does not exist any more.
 */
public interface UnitReader extends AutoCloseable {

  /**
   * Whether files stay as they are until the snapshot is released. Where they do not, the reader
   * compares {@link #look} before and after it reads a file.
   */
  boolean stable();

  /**
   * All entries, strictly ascending by path. Each call lists anew, and from the start. Special
   * files and entries that vanish while they are listed are reported to {@code notes} instead.
   */
  Listing list(Notes notes);

  /** A file as it is now; nothing where it is gone or is no regular file any more. */
  Optional<SourceFile> look(EntryPath path);

  /**
   * Opens a regular file's content.
   *
   * @throws dev.tidemark.core.failure.TransientFailure where reading failed and may work later
   * @throws FileGone where there is no such file any more
   */
  Content open(EntryPath path);

  @Override
  void close();

  /** Entries in order; to be closed. */
  interface Listing extends Iterator<SourceFile>, AutoCloseable {
    @Override
    void close();
  }

  /** The content of an open file, for one thread. */
  interface Content extends AutoCloseable {
    /**
     * Reads at an offset until the buffer is full or the file ends.
     *
     * @return how many bytes were read; 0 at or after the end
     */
    int read(long offset, ByteBuffer into);

    @Override
    void close();
  }

  /** Takes what a backup of the unit does not hold. */
  interface Notes {
    /**
     * @param kind {@code special} (socket, FIFO, device), {@code vanished}, {@code changed}, {@code
     *     unreadable}; several notes of one path and kind say the same
     * @param detail a few words, like {@code fifo}
     */
    void note(String kind, EntryPath path, String detail);
  }

  /**
   * An entry of a listing.
   *
   * @param identity what changes whenever the entry's content or attributes do: equal identities of
   *     one path in one cluster id mean equal entries, if both are strong
   * @param strong false where the identity is too young, or too weak, to be trusted
   */
  record SourceFile(FileMeta meta, String identity, boolean strong) {}

  /** A file vanished between its listing and its reading. */
  final class FileGone extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public FileGone(String message) {
      super(message);
    }
  }
}
