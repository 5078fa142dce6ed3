package dev.tidemark.core.vault;

import java.nio.ByteBuffer;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Something that was learnt of a backup after it was sealed.
 *
 * @param n from 1, per backup
 * @param cluster the cluster id
 * @param kind {@code suspect}, {@code verified}, {@code reader} …
 * @param until when it ends; null where it does not
 */
public record Note(
    int n,
    String cluster,
    String backup,
    String kind,
    Instant time,
    String text,
    @Nullable Instant until) {
  static final String KIND = "note";

  TextObject.Finished object() {
    var out = new TextObject.Writer();
    out.line(
        json -> {
          json.writeStringField("format", KIND + "/1.0");
          json.writeNumberField("n", n);
          json.writeStringField("cluster", cluster);
          json.writeStringField("backup", backup);
          json.writeStringField("kind", kind);
          json.writeStringField("time", Times.text(time));
          json.writeStringField("text", text);
          if (until != null) {
            json.writeStringField("until", Times.text(until));
          }
        });
    return out.finish();
  }

  static Note parse(String key, ByteBuffer bytes) {
    JsonObject line = Vault.single(key, bytes, KIND);
    var note =
        new Note(
            line.smallCount("n"),
            line.text("cluster", "a cluster id", VaultKeys::isClusterId),
            line.text("backup", "a backup id", VaultKeys::isBackupId),
            line.text("kind", "a kind of note", VaultKeys::isNoteKind),
            line.time("time"),
            line.text("text"),
            line.nullableTime("until"));
    Vault.requireKey(key, VaultKeys.note(note.cluster(), note.backup(), note.n(), note.kind()));
    return note;
  }
}
