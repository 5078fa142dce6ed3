package dev.tidemark.engine.weaviate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.core.tree.EntryPath;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Where the files of a unit's shards are: kept in the staging area when all of them were found, so
 * that each slice of a transfer need not look for them.
 *
 * @param shards names, as the flow knows them, to their files in order
 */
record UnitIndex(Map<String, List<StoredFile>> shards) {

  /**
   * A file.
   *
   * @param path in the shard's folder
   * @param pieces its content, in order
   */
  record StoredFile(EntryPath path, long size, int mode, long mtimeSeconds, List<Piece> pieces) {}

  /** A range of an object that is content of a file. */
  record Piece(String key, long offset, long length) {}

  ObjectNode json() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    ObjectNode all = json.putObject("shards");
    shards.forEach(
        (shard, files) -> {
          ArrayNode of = all.putArray(shard);
          for (StoredFile file : files) {
            ObjectNode each = of.addObject();
            each.put("path", file.path().toString()).put("size", file.size());
            each.put("mode", file.mode()).put("mtime", file.mtimeSeconds());
            ArrayNode pieces = each.putArray("pieces");
            for (Piece piece : file.pieces()) {
              pieces.addArray().add(piece.key()).add(piece.offset()).add(piece.length());
            }
          }
        });
    return json;
  }

  static UnitIndex of(JsonNode json) {
    var shards = new TreeMap<String, List<StoredFile>>();
    for (Map.Entry<String, JsonNode> each : json.path("shards").properties()) {
      List<StoredFile> files = new ArrayList<>();
      each.getValue().forEach(file -> files.add(file(file)));
      shards.put(each.getKey(), List.copyOf(files));
    }
    return new UnitIndex(shards);
  }

  private static StoredFile file(JsonNode json) {
    List<Piece> pieces = new ArrayList<>();
    for (JsonNode each : json.path("pieces")) {
      pieces.add(new Piece(each.path(0).asText(), each.path(1).asLong(), each.path(2).asLong()));
    }
    return new StoredFile(
        EntryPath.parse(json.path("path").asText()),
        json.path("size").asLong(),
        json.path("mode").asInt(),
        json.path("mtime").asLong(),
        List.copyOf(pieces));
  }
}
