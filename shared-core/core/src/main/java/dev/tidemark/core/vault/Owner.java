package dev.tidemark.core.vault;

import java.nio.ByteBuffer;
import java.time.Instant;

/**
 * Which deployment may write and delete a cluster's backups in a vault; of several the one with the
 * highest number.
 *
 * @param n from 1
 * @param cluster the cluster id
 */
public record Owner(int n, String cluster, String deployment, Instant since) {
  static final String KIND = "owner";

  TextObject.Finished text() {
    var text = new TextObject.Writer();
    text.line(
        json -> {
          json.writeStringField("format", KIND + "/1.0");
          json.writeNumberField("n", n);
          json.writeStringField("cluster", cluster);
          json.writeStringField("deployment", deployment);
          json.writeStringField("since", Times.text(since));
        });
    return text.finish();
  }

  static Owner parse(String key, ByteBuffer bytes) {
    JsonObject line = Vault.single(key, bytes, KIND);
    var owner =
        new Owner(
            line.smallCount("n"),
            line.text("cluster", "a cluster id", VaultKeys::isClusterId),
            line.text("deployment"),
            line.time("since"));
    Vault.requireKey(key, VaultKeys.owner(owner.cluster(), owner.n()));
    return owner;
  }
}
