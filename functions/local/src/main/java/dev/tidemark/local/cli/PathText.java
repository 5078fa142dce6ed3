package dev.tidemark.local.cli;

import dev.tidemark.core.tree.EntryPath;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * Paths as people read and type them: in UTF-8, where {@code %} and two hex digits stand for a
 * byte. What {@link #show} prints, {@link #read} takes.
 */
final class PathText {
  private PathText() {}

  static String show(String name) {
    return show(name.getBytes(StandardCharsets.UTF_8));
  }

  /** Bytes that are not UTF-8, control characters and {@code %} itself are escaped. */
  static String show(byte[] bytes) {
    var text = new StringBuilder();
    var rest = ByteBuffer.wrap(bytes);
    while (rest.hasRemaining()) {
      int length = sequence(rest.get(rest.position()));
      String piece = length > rest.remaining() ? "" : decode(rest, length);
      if (piece.isEmpty() || piece.equals("%") || Character.isISOControl(piece.codePointAt(0))) {
        text.append('%').append(HexFormat.of().withUpperCase().toHexDigits(rest.get()));
      } else {
        text.append(piece);
        rest.position(rest.position() + length);
      }
    }
    return text.toString();
  }

  /**
   * @throws IllegalArgumentException where it is no path, with a hint
   */
  static EntryPath read(String text) {
    var bytes = new ByteArrayOutputStream();
    byte[] typed = encode(text);
    for (int i = 0; i < typed.length; i++) {
      if (typed[i] != '%') {
        bytes.write(typed[i]);
      } else if (i + 2 < typed.length
          && HexFormat.isHexDigit(typed[i + 1])
          && HexFormat.isHexDigit(typed[i + 2])) {
        bytes.write(
            HexFormat.fromHexDigit(typed[i + 1]) << 4 | HexFormat.fromHexDigit(typed[i + 2]));
        i += 2;
      } else {
        throw new IllegalArgumentException("write %25 for the character %");
      }
    }
    try {
      return EntryPath.of(bytes.toByteArray());
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "write it as 'backup contents' prints it, without a '/' at its ends", e);
    }
  }

  private static byte[] encode(String text) {
    try {
      ByteBuffer bytes = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
      byte[] exact = new byte[bytes.remaining()];
      bytes.get(exact);
      return exact;
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException(
          "write bytes that are no UTF-8 as a percent sign and two hex digits", e);
    }
  }

  /** How many bytes the character has that begins with this one; 1 where none does. */
  private static int sequence(byte first) {
    int lead = first & 0xff;
    return lead < 0xc0 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
  }

  /** The character, or nothing. */
  private static String decode(ByteBuffer bytes, int length) {
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(bytes.slice(bytes.position(), length))
          .toString();
    } catch (CharacterCodingException e) {
      return "";
    }
  }
}
