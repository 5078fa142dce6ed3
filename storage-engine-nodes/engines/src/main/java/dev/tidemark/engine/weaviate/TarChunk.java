package dev.tidemark.engine.weaviate;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * A tar that is being written in memory, of regular files and parts of files, as a server reads
 * them from a chunk: what does not fit a header of POSIX's ustar is in PAX records.
 *
 * @see <a href="https://pubs.opengroup.org/onlinepubs/9799919799/utilities/pax.html">pax</a>
 */
final class TarChunk {
  private static final int BLOCK = 512;
  private static final int NAME_BYTES = 100;
  private static final int SUM_AT = 148;
  private static final int SUM_BYTES = 8;

  private final ByteArrayOutputStream tar = new ByteArrayOutputStream();

  /** How much is in it so far. */
  int size() {
    return tar.size();
  }

  /** Adds a whole file. */
  void file(String name, int mode, long mtimeSeconds, ByteBuffer content) {
    String records = fits(name) ? "" : record("path", name);
    member(name, mode, mtimeSeconds, records, content);
  }

  /** Adds a part of a file, whose other parts may be in other chunks. */
  void part(String name, int mode, long mtimeSeconds, long offset, ByteBuffer content) {
    String records = fits(name) ? "" : record("path", name);
    records += record("WEAVIATE.fileOffset", Long.toString(offset));
    member(name, mode, mtimeSeconds, records, content);
  }

  private void member(
      String name, int mode, long mtimeSeconds, String records, ByteBuffer content) {
    if (!records.isEmpty()) {
      ByteBuffer bytes = StandardCharsets.UTF_8.encode(records);
      tar.writeBytes(header("records", 0644, 0, bytes.remaining(), 'x'));
      add(bytes);
    }
    tar.writeBytes(header(name, mode, mtimeSeconds, content.remaining(), '0'));
    add(content);
  }

  private void add(ByteBuffer content) {
    int length = content.remaining();
    tar.write(content.array(), content.arrayOffset() + content.position(), length);
    tar.writeBytes(new byte[(BLOCK - length % BLOCK) % BLOCK]);
  }

  /** The tar with its end, which nothing is added to any more. */
  ByteBuffer end() {
    tar.writeBytes(new byte[2 * BLOCK]);
    return ByteBuffer.wrap(tar.toByteArray());
  }

  private static boolean fits(String name) {
    return name.length() <= NAME_BYTES && name.chars().allMatch(c -> c < 0x80);
  }

  /** A line that begins with its own length. */
  private static String record(String key, String value) {
    int rest = (" " + key + "=" + value + "\n").getBytes(StandardCharsets.UTF_8).length;
    int length = rest + 1;
    while (Integer.toString(length).length() + rest != length) {
      length++;
    }
    return length + " " + key + "=" + value + "\n";
  }

  private static byte[] header(String name, int mode, long mtimeSeconds, long size, char type) {
    var block = ByteBuffer.allocate(BLOCK);
    byte[] text = name.getBytes(StandardCharsets.UTF_8);
    block.put(0, text, 0, Math.min(text.length, NAME_BYTES));
    octal(block, 100, 8, mode & 0777);
    octal(block, 108, 8, 0);
    octal(block, 116, 8, 0);
    octal(block, 124, 12, size);
    octal(block, 136, 12, Math.max(0, mtimeSeconds));
    block.put(156, (byte) type);
    block.put(257, "ustar\00000".getBytes(StandardCharsets.US_ASCII));
    int sum = ' ' * SUM_BYTES;
    for (byte each : block.array()) {
      sum += each & 0xff;
    }
    octal(block, SUM_AT, SUM_BYTES - 1, sum);
    block.put(SUM_AT + SUM_BYTES - 1, (byte) ' ');
    return block.array();
  }

  /** Digits that fill their field but for a zero at its end. */
  private static void octal(ByteBuffer block, int at, int length, long value) {
    String digits = String.format(Locale.ROOT, "%0" + (length - 1) + "o", value);
    block.put(at, digits.getBytes(StandardCharsets.US_ASCII));
  }
}
