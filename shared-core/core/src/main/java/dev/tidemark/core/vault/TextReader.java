package dev.tidemark.core.vault;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.tidemark.core.blob.BlobStore;
import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.failure.PermanentFailure.Kind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * Reads a text line by line, in bounded memory, and checks it: its format at the start; its own
 * SHA-256, the one that refers to it, and a framed one's id at the end. So what was read is only
 * proven once {@link #next} has answered false.
 */
final class TextReader implements AutoCloseable, JsonObject.Place {
  private static final int MAJOR = 1;

  private final String key;
  private final Source source;
  private final @Nullable String expectedSha256;
  private final MessageDigest sum = TreeDigest.sha256();
  private final @Nullable MessageDigest id;
  private final JsonObject header;
  private @Nullable ByteBuffer segment;
  private byte[] carry = new byte[0];
  private int carried;
  private byte[] line = new byte[0];
  private int lineStart;
  private int lineLength;
  private long lines;
  private boolean ended;
  private @Nullable JsonParser parser;
  private String firstKey = "";

  private TextReader(
      String key, Source source, String kind, @Nullable String expectedSha256, boolean framed) {
    this.key = key;
    this.source = source;
    this.expectedSha256 = expectedSha256;
    this.id = framed ? TextObject.idDigest(key) : null;
    this.header = readHeader(kind);
  }

  /** Where the bytes of a text come from. */
  private interface Source extends AutoCloseable {
    @Nullable ByteBuffer next();

    byte[] id();

    @Override
    void close();
  }

  /**
   * Opens a text that is stored as a framed object.
   *
   * @param stored size of the object in bytes; -1 where it is not known
   * @param sha256 that its plaintext must have; null for any
   * @throws PermanentFailure DAMAGED; INVALID where the text is sound and of a newer format
   */
  static TextReader framed(
      BlobStore store, String key, String kind, long stored, @Nullable String sha256) {
    var frames = new FrameStream(ObjectStream.of(store, key, stored), TextObject.MAX_BYTES);
    var source =
        new Source() {
          @Override
          public @Nullable ByteBuffer next() {
            return frames.next();
          }

          @Override
          public byte[] id() {
            return frames.id();
          }

          @Override
          public void close() {
            frames.close();
          }
        };
    try {
      return new TextReader(key, source, kind, sha256, true);
    } catch (RuntimeException e) {
      source.close();
      throw e;
    }
  }

  /** The SHA-256 of a framed text of any kind, whose id has been checked. */
  static String sum(BlobStore store, String key) {
    try (var frames = new FrameStream(ObjectStream.of(store, key, -1), TextObject.MAX_BYTES)) {
      MessageDigest sum = TreeDigest.sha256();
      MessageDigest id = TextObject.idDigest(key);
      for (ByteBuffer frame = frames.next(); frame != null; frame = frames.next()) {
        sum.update(frame.duplicate());
        id.update(frame.duplicate());
      }
      Framed.requireId(key, frames.id(), Arrays.copyOf(id.digest(), Framed.ID_BYTES));
      return HexFormat.of().formatHex(sum.digest());
    }
  }

  /** Opens a text that is stored as it is. */
  static TextReader plain(String key, ByteBuffer text, String kind) {
    ByteBuffer heap = ObjectStream.heap(text);
    var source =
        new Source() {
          private @Nullable ByteBuffer rest = heap;

          @Override
          public @Nullable ByteBuffer next() {
            ByteBuffer all = rest;
            rest = null;
            return all;
          }

          @Override
          public byte[] id() {
            return new byte[0];
          }

          @Override
          public void close() {}
        };
    return new TextReader(key, source, kind, null, false);
  }

  @Override
  public String key() {
    return key;
  }

  JsonObject header() {
    return header;
  }

  /** Moves to the next line; false after the last one, when everything has been checked. */
  boolean next() {
    if (!advance()) {
      return false;
    }
    lines++;
    try {
      parser = Json.FACTORY.createParser(line, lineStart, lineLength);
      if (parser.nextToken() != JsonToken.START_OBJECT
          || parser.nextToken() != JsonToken.FIELD_NAME) {
        throw damaged("a JSON object with fields", "another line");
      }
      firstKey = parser.currentName();
      return true;
    } catch (IOException e) {
      throw damaged("a JSON object", "none").cause(e);
    }
  }

  /** The first key of the line. */
  String firstKey() {
    return firstKey;
  }

  /** The line's parser, at the first key. */
  JsonParser parser() {
    if (parser == null) {
      throw new IllegalStateException("no line");
    }
    return parser;
  }

  /** The line as an object. */
  JsonObject object() {
    return JsonObject.read(this, parser());
  }

  /** Refuses what follows the line's object. */
  void requireLineEnd() throws IOException {
    if (parser().nextToken() != null) {
      throw damaged("one JSON object in a line", "more");
    }
  }

  /** A failure that names the key and the line. */
  @Override
  public PermanentFailure damaged(String expected, String found) {
    return Damage.of(key, expected, found + " in line " + lines);
  }

  /** Reads on to the end, for its checks. */
  void drain() {
    while (advance()) {
      lines++;
    }
  }

  @Override
  public void close() {
    source.close();
  }

  private JsonObject readHeader(String kind) {
    if (!next()) {
      throw Damage.of(key, "a text with a header", "an empty one");
    }
    JsonObject found = object();
    String format = found.text("format");
    int slash = format.lastIndexOf('/');
    int dot = format.indexOf('.', slash + 1);
    if (slash < 0 || dot < 0 || !format.substring(0, slash).equals(kind)) {
      throw damaged("format " + kind + "/" + MAJOR + ".0", Damage.quote(format));
    }
    if (!format.substring(slash + 1, dot).equals(Integer.toString(MAJOR))) {
      // Only a text that is otherwise sound is newer; else it is damaged.
      drain();
      throw PermanentFailure.of(Kind.INVALID, key)
          .expected("format " + kind + "/" + MAJOR)
          .found(Damage.quote(format))
          .hint("use the version of Tidemark that wrote it, or a newer one");
    }
    return found;
  }

  /** Finds the next line and adds it to the sum; false where it is the sum. */
  private boolean advance() {
    if (ended) {
      return false;
    }
    carried = 0;
    boolean whole = false;
    while (!whole) {
      if (segment == null || !segment.hasRemaining()) {
        segment = nextSegment();
      }
      whole = takeLine(segment);
    }
    if (isSum()) {
      finish();
      return false;
    }
    sum.update(line, lineStart, lineLength);
    return true;
  }

  /** Takes the line that ends in this segment; else carries the segment's rest and is false. */
  private boolean takeLine(ByteBuffer from) {
    byte[] array = from.array();
    int start = from.arrayOffset() + from.position();
    int end = from.arrayOffset() + from.limit();
    int at = start;
    while (at < end && array[at] != '\n') {
      at++;
    }
    boolean whole = at < end;
    int length = at - start + (whole ? 1 : 0);
    from.position(from.position() + length);
    if (whole && carried == 0) {
      line = array;
      lineStart = start;
      lineLength = length;
    } else {
      carry(array, start, length);
      line = carry;
      lineStart = 0;
      lineLength = carried;
    }
    return whole;
  }

  private void carry(byte[] array, int start, int length) {
    int needed = carried + length;
    if (needed > TextObject.MAX_LINE_BYTES) {
      throw damaged("lines of at most 16 MiB", "a longer one");
    }
    if (carry.length < needed) {
      carry = Arrays.copyOf(carry, Math.min(TextObject.MAX_LINE_BYTES, 2 * needed));
    }
    System.arraycopy(array, start, carry, carried, length);
    carried = needed;
  }

  private ByteBuffer nextSegment() {
    ByteBuffer next = source.next();
    if (next == null) {
      throw Damage.of(key, "a last line with the SHA-256 of the text", "none");
    }
    if (id != null) {
      id.update(next.duplicate());
    }
    return next;
  }

  private boolean isSum() {
    int n = TextObject.SUM_START.length;
    return lineLength >= n
        && Arrays.equals(line, lineStart, lineStart + n, TextObject.SUM_START, 0, n);
  }

  private void finish() {
    ended = true;
    MessageDigest whole = TextObject.copy(sum);
    byte[] expected = TextObject.sumLine(sum.digest());
    if (!Arrays.equals(line, lineStart, lineStart + lineLength, expected, 0, expected.length)) {
      throw damaged("the SHA-256 of the text", "another");
    }
    whole.update(expected);
    String sha256 = HexFormat.of().formatHex(whole.digest());
    requireEnd();
    if (expectedSha256 != null && !expectedSha256.equals(sha256)) {
      throw Damage.of(key, "a text with SHA-256 " + expectedSha256, sha256);
    }
    if (id != null) {
      Framed.requireId(key, source.id(), Arrays.copyOf(id.digest(), Framed.ID_BYTES));
    }
  }

  private void requireEnd() {
    boolean more = segment != null && segment.hasRemaining();
    ByteBuffer next = source.next();
    if (more || (next != null && next.hasRemaining())) {
      throw damaged("the end of the text after its SHA-256", "more");
    }
  }
}
