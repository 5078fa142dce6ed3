package dev.tidemark.core.vault;

import dev.tidemark.core.blob.BlobStore;
import org.jspecify.annotations.Nullable;

/** The schema object: the definitions of the collections in the engine's own form. */
public final class SchemaText {
  /** Well below the longest line, whatever escaping makes of it. */
  private static final int PIECE_CHARS = 64 * 1024;

  private static final String KIND = "schema";

  private SchemaText() {}

  public static TextObject.Finished write(String clusterId, String backup, String schema) {
    var text = new TextObject.Writer();
    text.line(
        json -> {
          json.writeStringField("format", KIND + "/1.0");
          json.writeStringField("cluster", clusterId);
          json.writeStringField("backup", backup);
        });
    int at = 0;
    while (at < schema.length()) {
      int end = Math.min(schema.length(), at + PIECE_CHARS);
      // A pair of surrogates is one character, and has no encoding apart.
      end -= end < schema.length() && Character.isHighSurrogate(schema.charAt(end - 1)) ? 1 : 0;
      String piece = schema.substring(at, end);
      text.line(json -> json.writeStringField("schema", piece));
      at = end;
    }
    return text.finish();
  }

  static String read(BlobStore store, String key, @Nullable String sha256) {
    try (TextReader text = TextReader.framed(store, key, KIND, -1, sha256)) {
      var schema = new StringBuilder();
      while (text.next()) {
        if (text.firstKey().equals("schema")) {
          schema.append(text.object().text("schema"));
        }
      }
      return schema.toString();
    }
  }
}
