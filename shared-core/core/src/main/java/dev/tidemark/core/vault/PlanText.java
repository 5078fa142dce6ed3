package dev.tidemark.core.vault;

import dev.tidemark.core.blob.BlobStore;
import dev.tidemark.core.engine.Shard;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The plan object: which units a backup has, and which lane moves each. */
public final class PlanText {
  private static final String KIND = "plan";

  private PlanText() {}

  /** The header of a plan. */
  public record Header(String cluster, String backup, String writer) {}

  /**
   * A unit of a plan.
   *
   * @param lane that moves it
   * @param node of the lane
   * @param unit its key
   * @param name its canonical name
   */
  public record PlanUnit(String lane, String node, String unit, String name, List<Shard> shards) {}

  /** Builds a plan in memory. */
  public static final class Writer {
    private final TextObject.Writer text = new TextObject.Writer();
    private String lane = "";
    private String before = "";

    public Writer(Header header) {
      text.line(
          json -> {
            json.writeStringField("format", KIND + "/1.0");
            json.writeStringField("cluster", header.cluster());
            json.writeStringField("backup", header.backup());
            json.writeStringField("writer", header.writer());
          });
    }

    /**
     * Adds the next unit: lanes ascend, and in each lane the unit keys do.
     *
     * @throws IllegalArgumentException where they do not
     */
    public void add(PlanUnit unit) {
      if (!VaultKeys.isLane(unit.lane()) || unit.lane().compareTo(lane) < 0) {
        throw new IllegalArgumentException("lane " + unit.lane() + " after " + lane);
      }
      if (!unit.lane().equals(lane)) {
        lane = unit.lane();
        before = "";
        text.line(
            json -> {
              json.writeStringField("lane", unit.lane());
              json.writeStringField("node", unit.node());
            });
      }
      if (unit.unit().compareTo(before) <= 0) {
        throw new IllegalArgumentException("unit " + unit.unit() + " after " + before);
      }
      before = unit.unit();
      text.line(
          json -> {
            json.writeStringField("unit", unit.unit());
            json.writeStringField("name", unit.name());
            LaneText.writeShards(json, unit.shards());
          });
    }

    public TextObject.Finished finish() {
      return text.finish();
    }
  }

  /** Reads a plan as a stream; all is proven once {@link #next} has answered null. */
  public static final class Reader implements AutoCloseable {
    private final TextReader text;
    private final Header header;
    private String lane = "";
    private String node = "";
    private String before = "";

    private Reader(TextReader text) {
      this.text = text;
      this.header =
          new Header(
              text.header().text("cluster", "a cluster id", VaultKeys::isClusterId),
              text.header().text("backup", "a backup id", VaultKeys::isBackupId),
              text.header().text("writer", "a writer", VaultKeys::isWriter));
    }

    public Header header() {
      return header;
    }

    /** The next unit; null after the last one. */
    public @Nullable PlanUnit next() {
      while (text.next()) {
        if (text.firstKey().equals("lane")) {
          beginLane(text.object());
        } else if (text.firstKey().equals("unit")) {
          return unit(text.object());
        }
      }
      return null;
    }

    @Override
    public void close() {
      text.close();
    }

    private void beginLane(JsonObject line) {
      String next = line.text("lane", "a lane", VaultKeys::isLane);
      if (next.compareTo(lane) <= 0) {
        throw line.wrong("lane", "after " + Damage.quote(lane), Damage.quote(next));
      }
      lane = next;
      node = line.text("node");
      before = "";
    }

    private PlanUnit unit(JsonObject line) {
      String unit = line.text("unit", "the key of a unit", VaultKeys::isUnit);
      if (lane.isEmpty() || unit.compareTo(before) <= 0) {
        throw line.wrong("unit", "in a lane and after " + Damage.quote(before), unit);
      }
      before = unit;
      return new PlanUnit(lane, node, unit, line.text("name"), LaneText.shards(line));
    }
  }

  static Reader open(BlobStore store, String key, @Nullable String sha256) {
    TextReader text = TextReader.framed(store, key, KIND, -1, sha256);
    try {
      return new Reader(text);
    } catch (RuntimeException e) {
      text.close();
      throw e;
    }
  }
}
