package dev.tidemark.local;

import dev.tidemark.core.failure.TransientFailure;
import dev.tidemark.core.notice.NoticeBus;
import dev.tidemark.events.Notice;
import dev.tidemark.events.NoticeCodec;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Notices as lines of a file, each as {@link NoticeCodec} writes it, on the disk when {@link
 * #publish} returns. Several processes may append to it; who reads it may rename it at any time,
 * and the next notice begins a new one. A line that a crash has cut short is ended by the next, and
 * its notice comes again.
 */
final class NoticeFile implements NoticeBus {
  /** A lock on a file is a process's; its threads must agree among themselves. */
  private static final Object THREADS = new Object();

  private final Path file;

  /**
   * @param file made with the first notice
   */
  NoticeFile(Path file) {
    this.file = file;
  }

  @Override
  public void publish(Notice notice) {
    byte[] line = (NoticeCodec.encode(notice) + "\n").getBytes(StandardCharsets.UTF_8);
    synchronized (THREADS) {
      try {
        Files.createDirectories(file.toAbsolutePath().getParent());
        append(line);
      } catch (IOException e) {
        throw new TransientFailure("notice cannot be appended to " + file + ": " + e, e);
      }
    }
  }

  private void append(byte[] line) throws IOException {
    try (var channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      // Released with the channel.
      channel.lock();
      channel.position(channel.size());
      if (endsWithinALine(channel)) {
        channel.write(ByteBuffer.wrap(new byte[] {'\n'}));
      }
      var bytes = ByteBuffer.wrap(line);
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    }
  }

  private static boolean endsWithinALine(FileChannel channel) throws IOException {
    if (channel.size() == 0) {
      return false;
    }
    ByteBuffer last = ByteBuffer.allocate(1);
    channel.read(last, channel.size() - 1);
    return last.get(0) != '\n';
  }
}
