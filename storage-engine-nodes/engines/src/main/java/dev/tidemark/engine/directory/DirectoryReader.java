package dev.tidemark.engine.directory;

import dev.tidemark.core.engine.UnitReader;
import dev.tidemark.core.failure.TransientFailure;
import dev.tidemark.core.tree.EntryPath;
import dev.tidemark.core.tree.FileType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
import java.util.Optional;

/**
 * Reads files as they are. The unit's own directory is resolved once; below it no link is followed,
 * and what is no regular file is not opened (opening a FIFO would wait for ever).
 */
final class DirectoryReader implements UnitReader {
  private final Path top;
  private final byte[] prefix;
  private final Patterns patterns;
  private final TreeListing.Depth depth;
  private final InstantSource clock;

  DirectoryReader(
      Path top, byte[] prefix, Patterns patterns, TreeListing.Depth depth, InstantSource clock) {
    this.top = top;
    this.prefix = prefix;
    this.patterns = patterns;
    this.depth = depth;
    this.clock = clock;
  }

  @Override
  public boolean stable() {
    return false;
  }

  @Override
  public Listing list(Notes notes) {
    return new TreeListing(top, prefix, patterns, depth, notes, clock.instant());
  }

  @Override
  public Optional<SourceFile> look(EntryPath path) {
    try {
      Stat stat = Stat.of(file(path));
      if (!stat.file()) {
        return Optional.empty();
      }
      return Optional.of(
          new SourceFile(
              stat.meta(path, FileType.FILE, null), stat.identity(), stat.strong(clock.instant())));
    } catch (NoSuchFileException | NotDirectoryException e) {
      return Optional.empty();
    } catch (IOException e) {
      if (gone(path)) {
        return Optional.empty();
      }
      throw new TransientFailure(path + " in " + top + ": " + Faults.why(e), e);
    }
  }

  @Override
  public Content open(EntryPath path) {
    Path file = file(path);
    try {
      if (!Stat.of(file).file()) {
        throw new FileGone(path + " in " + top + " is no regular file any more");
      }
      FileChannel channel =
          FileChannel.open(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
      return new OpenFile(path, channel);
    } catch (NoSuchFileException | NotDirectoryException e) {
      throw new FileGone(path + " in " + top + " is gone");
    } catch (IOException e) {
      if (gone(path)) {
        throw new FileGone(path + " in " + top + " is gone");
      }
      throw new TransientFailure(path + " in " + top + " cannot be opened: " + Faults.why(e), e);
    }
  }

  /** A file whose folder has become a file or a link. */
  private boolean gone(EntryPath path) {
    return !Files.exists(file(path), LinkOption.NOFOLLOW_LINKS);
  }

  private Path file(EntryPath path) {
    return RawNames.below(top, path);
  }

  @Override
  public void close() {}

  private final class OpenFile implements Content {
    private final EntryPath path;
    private final FileChannel channel;

    OpenFile(EntryPath path, FileChannel channel) {
      this.path = path;
      this.channel = channel;
    }

    @Override
    public int read(long offset, ByteBuffer into) {
      int total = 0;
      try {
        while (into.hasRemaining()) {
          int n = channel.read(into, offset + total);
          if (n < 0) {
            break;
          }
          total += n;
        }
        return total;
      } catch (IOException e) {
        throw new TransientFailure(path + " in " + top + " cannot be read: " + Faults.why(e), e);
      }
    }

    @Override
    public void close() {
      try {
        channel.close();
      } catch (IOException e) {
        throw new TransientFailure(path + " in " + top + ": " + Faults.why(e), e);
      }
    }
  }
}
