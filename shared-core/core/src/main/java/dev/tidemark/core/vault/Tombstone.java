package dev.tidemark.core.vault;

import java.nio.ByteBuffer;
import java.time.Instant;

/**
 * The mark of a backup that is deleted, whether or not its manifest is still there.
 *
 * @param cluster the cluster id
 */
public record Tombstone(String cluster, String backup, String reason, Instant time) {
  static final String KIND = "tombstone";

  /** The text; a pure function of the fields, so that repeated deletions agree. */
  public TextObject.Finished text() {
    var text = new TextObject.Writer();
    text.line(
        json -> {
          json.writeStringField("format", KIND + "/1.0");
          json.writeStringField("backup", backup);
          json.writeStringField("cluster", cluster);
          json.writeStringField("reason", reason);
          json.writeStringField("time", Times.text(time));
        });
    return text.finish();
  }

  static Tombstone parse(String key, ByteBuffer bytes) {
    JsonObject line = Vault.single(key, bytes, KIND);
    var tombstone =
        new Tombstone(
            line.text("cluster", "a cluster id", VaultKeys::isClusterId),
            line.text("backup", "a backup id", VaultKeys::isBackupId),
            line.text("reason"),
            line.time("time"));
    Vault.requireKey(key, VaultKeys.tombstone(tombstone.cluster(), tombstone.backup()));
    return tombstone;
  }
}
