package dev.tidemark.core.vault;

import dev.tidemark.core.blob.BlobStore;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The census object: what was counted before and after the snapshots. */
public final class CensusText {
  private static final String KIND = "census";

  private CensusText() {}

  /** A count before and after. */
  public record Count(String name, long before, long after) {}

  public static TextObject.Finished write(String clusterId, String backup, List<Count> counts) {
    var text = new TextObject.Writer();
    text.line(
        json -> {
          json.writeStringField("format", KIND + "/1.0");
          json.writeStringField("cluster", clusterId);
          json.writeStringField("backup", backup);
        });
    for (Count count : counts) {
      text.line(
          json -> {
            json.writeStringField("counted", count.name());
            json.writeNumberField("before", count.before());
            json.writeNumberField("after", count.after());
          });
    }
    return text.finish();
  }

  static List<Count> read(BlobStore store, String key, @Nullable String sha256) {
    try (TextReader text = TextReader.framed(store, key, KIND, -1, sha256)) {
      var counts = new ArrayList<Count>();
      while (text.next()) {
        if (text.firstKey().equals("counted")) {
          JsonObject line = text.object();
          counts.add(new Count(line.text("counted"), line.count("before"), line.count("after")));
        }
      }
      return List.copyOf(counts);
    }
  }
}
