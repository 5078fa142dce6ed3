package dev.tidemark.core.vault;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.tidemark.core.blob.BlobStore;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Lists of parts: inline, or as objects where they would be long. */
public final class PartLists {
  /** An inline list is at most so long, as JSON. */
  public static final int MAX_INLINE_BYTES = 16 << 10;

  private static final String KIND = "part-list";

  private PartLists() {}

  /**
   * The list of these parts; where it would be too long inline it is stored as an object. May be
   * repeated.
   *
   * @param listName {@code writer.epoch.n}, whose {@code n} no other object of the unit has; {@code
   *     .list} is added
   */
  public static PartList of(
      Vault vault, String clusterId, String unit, String listName, List<PartRef> parts) {
    if (inlineBytes(parts) <= MAX_INLINE_BYTES) {
      return new PartList(List.copyOf(parts), null);
    }
    String name = listName + ".list";
    TextObject.Finished text = text(clusterId, unit, parts);
    vault.put(VaultKeys.part(clusterId, unit, name), text);
    return new PartList(List.of(), new PartList.ListRef(name, text.sha256(), parts.size()));
  }

  /**
   * The parts of a list, in order.
   *
   * @throws dev.tidemark.core.failure.PermanentFailure DAMAGED, naming the list object's key
   */
  public static List<PartRef> read(BlobStore store, String clusterId, String unit, PartList list) {
    PartList.ListRef ref = list.object();
    if (ref == null) {
      return list.inline();
    }
    String key = VaultKeys.part(clusterId, unit, ref.name());
    try (TextReader text = TextReader.framed(store, key, KIND, -1, ref.sha256())) {
      text.header().requireText("cluster", clusterId);
      text.header().requireText("unit", unit);
      var parts = new ArrayList<PartRef>();
      while (text.next()) {
        if (text.firstKey().equals("part")
            && parts.add(part(text.object()))
            && parts.size() > ref.parts()) {
          break;
        }
      }
      if (parts.size() != ref.parts()) {
        throw Damage.of(key, ref.parts() + " parts", Integer.toString(parts.size()));
      }
      return List.copyOf(parts);
    }
  }

  /** A list as JSON: {@code {"parts":[…]}} or {@code {"list":{…}}}. */
  public static String json(PartList list) {
    return Json.text(json -> LaneText.writeParts(json, list));
  }

  /**
   * Reads what {@link #json} wrote.
   *
   * @param subject for messages: where it stood
   */
  public static PartList parse(String subject, String json) {
    return LaneText.parts(JsonObject.parse(subject, json));
  }

  static TextObject.Finished text(String clusterId, String unit, List<PartRef> parts) {
    var text = new TextObject.Writer();
    text.line(
        json -> {
          json.writeStringField("format", KIND + "/1.0");
          json.writeStringField("cluster", clusterId);
          json.writeStringField("unit", unit);
        });
    parts.forEach(part -> text.line(json -> write(json, part)));
    return text.finish();
  }

  static void write(JsonGenerator json, PartRef part) throws IOException {
    json.writeStringField("part", part.name());
    json.writeStringField("first", part.first().toString());
    json.writeStringField("last", part.last().toString());
    json.writeNumberField("entries", part.entries());
    json.writeNumberField("stored", part.stored());
    json.writeStringField("sha256", part.sha256());
  }

  static PartRef part(JsonObject line) {
    return new PartRef(
        line.text("part", "the name of a part", VaultKeys::isNumbered),
        PartReader.path(line, "first"),
        PartReader.path(line, "last"),
        line.count("entries"),
        line.count("stored"),
        line.text("sha256", "64 hex digits", EntryRules::isSha256));
  }

  private static long inlineBytes(List<PartRef> parts) {
    var out = new Segments();
    JsonGenerator json = Json.generator(out);
    for (PartRef part : parts) {
      Json.line(json, fields -> write(fields, part));
      if (out.bytes() > MAX_INLINE_BYTES) {
        break;
      }
    }
    return out.bytes() + 1;
  }
}
