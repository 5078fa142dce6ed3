package dev.tidemark.core.vault;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.failure.PermanentFailure.Kind;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/** Texts: lines of JSON and a last line with their SHA-256. */
public final class TextObject {
  /** The longest line that a reader takes, with its line feed. */
  public static final int MAX_LINE_BYTES = Json.MAX_LINE_BYTES;

  /** The longest text that a reader takes. */
  public static final long MAX_BYTES = Framed.MAX_PLAIN_BYTES;

  static final byte[] SUM_START = "{\"sha256\":\"".getBytes(StandardCharsets.US_ASCII);
  static final int SUM_BYTES = SUM_START.length + 64 + 3;

  private TextObject() {}

  /** The last line of a text. */
  static byte[] sumLine(byte[] sha256) {
    return ("{\"sha256\":\"" + HexFormat.of().formatHex(sha256) + "\"}\n")
        .getBytes(StandardCharsets.US_ASCII);
  }

  /**
   * A whole text.
   *
   * @param plain segments of {@link Framed#FRAME_BYTES}, but the last
   * @param sha256 of all of it, hex
   * @param bytes its size
   */
  public record Finished(List<ByteBuffer> plain, String sha256, long bytes) {

    /** The text as the framed object of a key. */
    public Framed.Encoded framed(String key, Compression compression) {
      return Framed.encode(id(key), plain, compression);
    }

    private byte[] id(String key) {
      MessageDigest digest = idDigest(key);
      plain.forEach(segment -> digest.update(segment.duplicate()));
      return Arrays.copyOf(digest.digest(), Framed.ID_BYTES);
    }
  }

  /** The digest that a framed text's id is taken from, before its plaintext. */
  static MessageDigest idDigest(String key) {
    MessageDigest digest = TreeDigest.sha256();
    digest.update(key.getBytes(StandardCharsets.UTF_8));
    digest.update((byte) 0);
    return digest;
  }

  /** Builds a text in memory; one that becomes too long is refused as INVALID. */
  public static final class Writer {
    private final Segments out = new Segments();
    private final JsonGenerator json = Json.generator(out);

    /** Adds a line. */
    public void line(byte[] object) {
      out.write(object, 0, object.length);
      out.write('\n');
      requireRoom();
    }

    void line(Json.Fields fields) {
      Json.line(json, fields);
      requireRoom();
    }

    /** Adds whole lines. */
    void lines(Segments lines) {
      lines.buffers().forEach(out::write);
      requireRoom();
    }

    /** How long the text is so far. */
    public long bytes() {
      return out.bytes();
    }

    /** Ends the text; nothing may be added any more. */
    public Finished finish() {
      MessageDigest digest = TreeDigest.sha256();
      out.buffers().forEach(segment -> digest.update(segment.duplicate()));
      MessageDigest whole = copy(digest);
      byte[] sum = sumLine(digest.digest());
      whole.update(sum);
      out.write(sum, 0, sum.length);
      return new Finished(out.buffers(), HexFormat.of().formatHex(whole.digest()), out.bytes());
    }

    private void requireRoom() {
      if (out.bytes() + SUM_BYTES > MAX_BYTES) {
        throw PermanentFailure.of(Kind.INVALID, "a text object of a vault")
            .expected("at most " + MAX_BYTES + " bytes")
            .found("more")
            .hint("make several backups, each of some of the collections (--include)");
      }
    }
  }

  /** A digest that goes on where another one is. */
  static MessageDigest copy(MessageDigest digest) {
    try {
      return (MessageDigest) digest.clone();
    } catch (CloneNotSupportedException e) {
      throw new IllegalStateException("the platform's SHA-256 can be copied", e);
    }
  }
}
