package dev.tidemark.api.json;

import dev.tidemark.core.control.ContentsPage.Position;
import dev.tidemark.core.tree.EntryPath;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** The places in lists at which pages begin, as texts that mean nothing to who asks for them. */
public final class Cursor {
  private static final char SEPARATOR = '\n';

  private Cursor() {}

  public static String of(Position position) {
    return of(position.shard(), position.path().toString());
  }

  public static String of(String first, String second) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString((first + SEPARATOR + second).getBytes(StandardCharsets.UTF_8));
  }

  /**
   * @throws IllegalArgumentException where the text is no such cursor
   */
  public static Position position(String cursor) {
    String[] parts = parts(cursor);
    if (parts[0].isEmpty()) {
      throw new IllegalArgumentException("no unit");
    }
    return new Position(parts[0], EntryPath.parse(parts[1]));
  }

  /**
   * The two texts of a cursor.
   *
   * @throws IllegalArgumentException where the text is no cursor
   */
  public static String[] parts(String cursor) {
    String text = new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8);
    int end = text.indexOf(SEPARATOR);
    if (end < 0) {
      throw new IllegalArgumentException("no cursor");
    }
    return new String[] {text.substring(0, end), text.substring(end + 1)};
  }
}
