package dev.tidemark.core.vault;

import dev.tidemark.core.blob.BlobStore;
import dev.tidemark.core.engine.Probe;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The census object: what was counted and answered before and after the snapshots. */
public final class CensusText {
  private static final String KIND = "census";

  private CensusText() {}

  /** All that a census object says. */
  public record Census(List<Count> counts, List<Answer> answers) {
    public boolean isEmpty() {
      return counts.isEmpty() && answers.isEmpty();
    }
  }

  /** A count before and after. */
  public record Count(String name, long before, long after) {}

  /** A question that had the same answer before and after. */
  public record Answer(Probe probe, String answer) {}

  public static TextObject.Finished write(String clusterId, String backup, Census census) {
    var text = new TextObject.Writer();
    text.line(
        json -> {
          json.writeStringField("format", KIND + "/1.0");
          json.writeStringField("cluster", clusterId);
          json.writeStringField("backup", backup);
        });
    for (Count count : census.counts()) {
      text.line(
          json -> {
            json.writeStringField("counted", count.name());
            json.writeNumberField("before", count.before());
            json.writeNumberField("after", count.after());
          });
    }
    for (Answer answer : census.answers()) {
      text.line(
          json -> {
            json.writeStringField("asked", answer.probe().question());
            json.writeStringField("collection", answer.probe().collection());
            json.writeStringField("shard", answer.probe().shard());
            json.writeStringField("answer", answer.answer());
          });
    }
    return text.finish();
  }

  static Census read(BlobStore store, String key, @Nullable String sha256) {
    try (TextReader text = TextReader.framed(store, key, KIND, -1, sha256)) {
      var counts = new ArrayList<Count>();
      var answers = new ArrayList<Answer>();
      while (text.next()) {
        if (text.firstKey().equals("counted")) {
          JsonObject line = text.object();
          counts.add(new Count(line.text("counted"), line.count("before"), line.count("after")));
        } else if (text.firstKey().equals("asked")) {
          JsonObject line = text.object();
          var probe = new Probe(line.text("collection"), line.text("shard"), line.text("asked"));
          answers.add(new Answer(probe, line.text("answer")));
        }
      }
      return new Census(List.copyOf(counts), List.copyOf(answers));
    }
  }
}
