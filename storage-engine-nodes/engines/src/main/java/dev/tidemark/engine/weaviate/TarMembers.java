package dev.tidemark.engine.weaviate;

import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.staging.StagingArea;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The members of an uncompressed tar, without their content: regular files in the format of POSIX
 * (ustar, with PAX records for what does not fit), which is what Go's archive/tar writes. Anything
 * else, and whatever a header's checksum does not fit, is refused.
 *
 * @see <a href="https://pubs.opengroup.org/onlinepubs/9799919799/utilities/pax.html">pax</a>
 */
final class TarMembers {
  private static final int BLOCK = 512;
  private static final int MAX_RECORDS_BYTES = 1 << 20;

  /** Of small members several headers come with one request; a large one is skipped. */
  private static final int PIECE_BYTES = 256 << 10;

  private static final int SUM_AT = 148;
  private static final int TYPE_AT = 156;
  private static final int SUM_END = 156;

  private final StagedStream stream;
  private final String key;
  private final List<Member> members = new ArrayList<>();

  /**
   * A regular file, or a part of one.
   *
   * @param offset of its content in the tar
   * @param fileOffset of its content in the file: not 0 where a file was split
   * @param split whether it is a part of a file
   */
  record Member(
      String name,
      long offset,
      long size,
      long fileOffset,
      boolean split,
      int mode,
      long mtimeSeconds) {}

  private TarMembers(StagingArea area, String key) {
    this.stream = new StagedStream(area, key, PIECE_BYTES);
    this.key = key;
  }

  /**
   * @param size of the object
   * @throws PermanentFailure DAMAGED where it is no whole tar
   */
  static List<Member> read(StagingArea area, String key, long size) {
    return new TarMembers(area, key).members(size);
  }

  private List<Member> members(long size) {
    Map<String, String> records = Map.of();
    while (true) {
      byte[] header = block(size, "the tar's end, two blocks of zeros");
      if (isZero(header)) {
        if (!isZero(block(size, "a second block of zeros"))) {
          throw damage("a second block of zeros at the end", "something else");
        }
        return members;
      }
      requireSum(header);
      char type = (char) (header[TYPE_AT] & 0xff);
      long length = records.containsKey("size") ? number(records, "size") : octal(header, 124, 12);
      requireRoom(length, size);
      switch (type) {
        case 'x' -> records = records(length, size);
        case 'g' -> {
          var unused = records(length, size);
        }
        case '0', '\0' -> {
          members.add(member(header, records, length));
          skip(length);
          records = Map.of();
        }
        case '5' -> records = Map.of();
        default -> throw damage("regular files", "a member of type '%s'".formatted(type));
      }
    }
  }

  private Member member(byte[] header, Map<String, String> records, long length) {
    String offset = records.get("WEAVIATE.fileOffset");
    return new Member(
        records.getOrDefault("path", name(header)),
        stream.position(),
        length,
        offset == null ? 0 : number(records, "WEAVIATE.fileOffset"),
        offset != null,
        (int) octal(header, 100, 8) & 07777,
        seconds(header, records));
  }

  private long seconds(byte[] header, Map<String, String> records) {
    String exact = records.get("mtime");
    try {
      return exact == null ? octal(header, 136, 12) : Math.round(Double.parseDouble(exact));
    } catch (NumberFormatException e) {
      throw damage("a time", exact == null ? "none" : exact).cause(e);
    }
  }

  private String name(byte[] header) {
    String name = text(header, 0, 100);
    String prefix = text(header, 345, 155);
    return prefix.isEmpty() ? name : prefix + "/" + name;
  }

  private static String text(byte[] header, int from, int length) {
    int end = from;
    while (end < from + length && header[end] != 0) {
      end++;
    }
    return new String(header, from, end - from, StandardCharsets.UTF_8);
  }

  private long octal(byte[] header, int from, int length) {
    if ((header[from] & 0x80) != 0) {
      // GNU's way to write what octal digits cannot hold.
      long value = header[from] & 0x7f;
      for (int i = from + 1; i < from + length; i++) {
        value = value << 8 | (header[i] & 0xff);
      }
      return value;
    }
    String digits = text(header, from, length).strip();
    try {
      return digits.isEmpty() ? 0 : Long.parseLong(digits, 8);
    } catch (NumberFormatException e) {
      throw damage("an octal number in a header", "'" + digits + "'").cause(e);
    }
  }

  private long number(Map<String, String> records, String name) {
    String text = records.getOrDefault(name, "");
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw damage("a number in record " + name, "'" + text + "'").cause(e);
    }
  }

  /** Lines of "length name=value", each as long as it says. */
  private Map<String, String> records(long length, long size) {
    if (length > MAX_RECORDS_BYTES) {
      throw damage("records of at most %d bytes".formatted(MAX_RECORDS_BYTES), length + " bytes");
    }
    byte[] bytes = content((int) length, size);
    Map<String, String> records = new TreeMap<>();
    int at = 0;
    while (at < bytes.length) {
      int space = at;
      while (space < bytes.length && bytes[space] != ' ') {
        space++;
      }
      int end = at + recordLength(bytes, at, space);
      if (end > bytes.length || end <= space + 1 || bytes[end - 1] != '\n') {
        throw damage("a record as long as it says", "another");
      }
      String record = new String(bytes, space + 1, end - space - 2, StandardCharsets.UTF_8);
      int equals = record.indexOf('=');
      if (equals < 1) {
        throw damage("a record name=value", "another");
      }
      records.put(record.substring(0, equals), record.substring(equals + 1));
      at = end;
    }
    return records;
  }

  private int recordLength(byte[] bytes, int from, int to) {
    String digits = new String(bytes, from, to - from, StandardCharsets.US_ASCII);
    if (!digits.matches("[0-9]{1,7}")) {
      throw damage("the length of a record", "something else");
    }
    return Integer.parseInt(digits);
  }

  private byte[] content(int length, long size) {
    byte[] bytes = new byte[length];
    fill(bytes, size, "the content of a record");
    long unused = stream.skip(padding(length));
    return bytes;
  }

  private static long padding(long length) {
    return (BLOCK - length % BLOCK) % BLOCK;
  }

  private void skip(long length) {
    long unused = stream.skip(length + padding(length));
  }

  private byte[] block(long size, String expected) {
    byte[] block = new byte[BLOCK];
    fill(block, size, expected);
    return block;
  }

  private void fill(byte[] into, long size, String expected) {
    requireRoom(into.length, size);
    int filled = 0;
    while (filled < into.length) {
      int read = stream.read(into, filled, into.length - filled);
      if (read < 0) {
        throw damage(expected, "the end of the object");
      }
      filled += read;
    }
  }

  private void requireRoom(long length, long size) {
    if (length < 0 || length > size - stream.position()) {
      throw damage(
          "%d more bytes at %d".formatted(length, stream.position()),
          "an object of %d bytes".formatted(size));
    }
  }

  private static boolean isZero(byte[] block) {
    for (byte each : block) {
      if (each != 0) {
        return false;
      }
    }
    return true;
  }

  /** The sum of all bytes, with spaces in place of itself. */
  private void requireSum(byte[] header) {
    byte[] digits = Arrays.copyOfRange(header, SUM_AT, SUM_END);
    long sum = 0;
    for (int i = 0; i < BLOCK; i++) {
      sum += i >= SUM_AT && i < SUM_END ? ' ' : header[i] & 0xff;
    }
    if (octal(header, SUM_AT, digits.length) != sum) {
      throw damage(
          "a header whose checksum fits at %d".formatted(stream.position() - BLOCK), "another");
    }
  }

  private PermanentFailure damage(String expected, String found) {
    return Damage.of(key, expected, found);
  }
}
