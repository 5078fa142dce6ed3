package dev.tidemark.core.vault;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.tidemark.core.blob.BlobStore;
import dev.tidemark.core.engine.Shard;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The index object of a lane: its unit records. */
public final class LaneText {
  private static final String KIND = "lane";

  private LaneText() {}

  /** The header of a lane's index. */
  public record Header(String cluster, String backup, String lane) {}

  /** Name of a lane's object, for {@link VaultKeys#indexName}. */
  public static String what(String lane) {
    if (!VaultKeys.isLane(lane)) {
      throw new IllegalArgumentException("not a lane: " + Damage.quote(lane));
    }
    return "lane-" + lane;
  }

  /** Builds a lane's index in memory. */
  public static final class Writer {
    private final TextObject.Writer text = new TextObject.Writer();
    private String before = "";

    public Writer(Header header) {
      text.line(
          json -> {
            json.writeStringField("format", KIND + "/1.0");
            json.writeStringField("cluster", header.cluster());
            json.writeStringField("backup", header.backup());
            json.writeStringField("lane", header.lane());
          });
    }

    /**
     * Adds the next record; their unit keys ascend.
     *
     * @throws IllegalArgumentException where they do not
     */
    public void add(UnitRecord unit) {
      if (unit.unit().compareTo(before) <= 0) {
        throw new IllegalArgumentException("unit " + unit.unit() + " after " + before);
      }
      before = unit.unit();
      text.line(json -> write(json, unit));
    }

    public TextObject.Finished finish() {
      return text.finish();
    }
  }

  /** Reads a lane's records as a stream; all is proven once {@link #next} has answered null. */
  public static final class Reader implements AutoCloseable {
    private final TextReader text;
    private final Header header;
    private String before = "";

    private Reader(TextReader text) {
      this.text = text;
      this.header =
          new Header(
              text.header().text("cluster", "a cluster id", VaultKeys::isClusterId),
              text.header().text("backup", "a backup id", VaultKeys::isBackupId),
              text.header().text("lane", "a lane", VaultKeys::isLane));
    }

    public Header header() {
      return header;
    }

    /** The next record; null after the last one. */
    public @Nullable UnitRecord next() {
      while (text.next()) {
        if (text.firstKey().equals("unit")) {
          UnitRecord unit = read(text.object());
          if (unit.unit().compareTo(before) <= 0) {
            throw text.damaged("ascending units", "unit " + unit.unit());
          }
          before = unit.unit();
          return unit;
        }
      }
      return null;
    }

    @Override
    public void close() {
      text.close();
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

  /** A record as JSON, as it stands in an index. */
  public static String json(UnitRecord unit) {
    return Json.text(json -> write(json, unit));
  }

  /**
   * Reads what {@link #json} wrote.
   *
   * @param subject for messages: where it stood
   */
  public static UnitRecord parse(String subject, String json) {
    return read(JsonObject.parse(subject, json));
  }

  /** Writes a record's fields, as they stand in an index. */
  static void write(JsonGenerator json, UnitRecord unit) throws IOException {
    json.writeStringField("unit", unit.unit());
    json.writeStringField("name", unit.name());
    json.writeStringField("node", unit.node());
    writeShards(json, unit.shards());
    json.writeStringField("snapshot", unit.snapshot());
    json.writeNumberField("entries", unit.entries());
    json.writeNumberField("files", unit.files());
    json.writeNumberField("bytes", unit.bytes());
    json.writeNumberField("stored", unit.stored());
    json.writeStringField("listing", unit.listing());
    json.writeStringField("root", unit.root());
    json.writeNumberField("weak", unit.weak());
    json.writeNumberField("since", unit.since());
    writeCounts(json, "notes", unit.notes());
    writeParts(json, unit.parts());
  }

  static UnitRecord read(JsonObject line) {
    return new UnitRecord(
        line.text("unit", "the key of a unit", VaultKeys::isUnit),
        line.text("name"),
        line.text("node"),
        shards(line),
        line.text("snapshot"),
        line.count("entries"),
        line.count("files"),
        line.count("bytes"),
        line.count("stored"),
        line.text("listing", "64 hex digits", EntryRules::isSha256),
        line.text("root", "64 hex digits", EntryRules::isSha256),
        line.count("weak"),
        line.smallCount("since"),
        line.counts("notes"),
        parts(line));
  }

  static void writeParts(JsonGenerator json, PartList parts) throws IOException {
    PartList.ListRef list = parts.object();
    if (list == null) {
      json.writeArrayFieldStart("parts");
      for (PartRef part : parts.inline()) {
        json.writeStartObject();
        PartLists.write(json, part);
        json.writeEndObject();
      }
      json.writeEndArray();
      return;
    }
    json.writeObjectFieldStart("list");
    json.writeStringField("name", list.name());
    json.writeStringField("sha256", list.sha256());
    json.writeNumberField("parts", list.parts());
    json.writeEndObject();
  }

  static PartList parts(JsonObject line) {
    JsonObject list = line.object("list");
    if (list != null) {
      return new PartList(
          List.of(),
          new PartList.ListRef(
              list.text("name", "the name of a part list", VaultKeys::isList),
              list.text("sha256", "64 hex digits", EntryRules::isSha256),
              list.smallCount("parts")));
    }
    if (!line.has("parts")) {
      throw line.wrong("parts", "there, or a list", "neither");
    }
    return new PartList(line.objects("parts").stream().map(PartLists::part).toList(), null);
  }

  static void writeShards(JsonGenerator json, List<Shard> shards) throws IOException {
    json.writeArrayFieldStart("shards");
    for (Shard shard : shards) {
      json.writeStartObject();
      json.writeStringField("collection", shard.collection());
      json.writeStringField("shard", shard.shard());
      json.writeStringField("node", shard.node());
      json.writeNumberField("bytes", shard.bytes());
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  static List<Shard> shards(JsonObject line) {
    var shards = new ArrayList<Shard>();
    for (JsonObject shard : line.objects("shards")) {
      shards.add(
          new Shard(
              shard.text("collection"),
              shard.text("shard"),
              shard.text("node"),
              shard.count("bytes")));
    }
    return List.copyOf(shards);
  }

  static void writeCounts(JsonGenerator json, String name, Map<String, Long> counts)
      throws IOException {
    json.writeObjectFieldStart(name);
    for (var count : new TreeMap<>(counts).entrySet()) {
      json.writeNumberField(count.getKey(), count.getValue());
    }
    json.writeEndObject();
  }
}
