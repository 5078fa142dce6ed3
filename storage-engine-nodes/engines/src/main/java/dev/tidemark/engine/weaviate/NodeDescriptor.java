package dev.tidemark.engine.weaviate;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.core.engine.SnapshotGone;
import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.failure.TransientFailure;
import dev.tidemark.core.staging.StagingArea;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * {@code <node>/backup.json}: what a node says of its part, when that has ended. It names every
 * file of every shard, which is much for many tenants; so it is read as it comes, and kept of it is
 * only what is wanted.
 *
 * @param rest the fields beside the classes
 */
record NodeDescriptor(String node, ObjectNode rest, List<ClassPart> classes) {
  static final String NAME = "backup.json";

  private static final int PIECE_BYTES = 4 << 20;
  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * A collection on a node.
   *
   * @param chunks numbers to the shards whose files they have
   * @param places of the shards in the descriptor
   * @param rest the other fields: schema, sharding state, aliases, all in Base64
   */
  record ClassPart(
      String name,
      SortedMap<Integer, List<String>> chunks,
      List<ShardPart> shards,
      Map<String, Place> places,
      ObjectNode rest) {

    /** A class that was dropped while the backup was made has no definition. */
    boolean dropped() {
      return rest.path("schema").asText("").isEmpty();
    }
  }

  /**
   * A shard on a node.
   *
   * @param files paths from the root of the node's data; the three that are made for the backup are
   *     not among them
   * @param sizes of those that have chunks of their own
   */
  record ShardPart(String name, String node, Set<String> files, Map<String, Long> sizes) {}

  /** The bytes of a descriptor that tell of a shard: an object of JSON. */
  record Place(long offset, int length) {
    /** Not noted. */
    static final Place NONE = new Place(0, 0);
  }

  /** Which files are worth their memory. */
  interface Wanted {
    Wanted NO_FILES = (collection, shard) -> false;

    boolean files(String collection, String shard);
  }

  static NodeDescriptor read(StagingArea area, String key, String node, Wanted wanted) {
    List<ClassPart> classes = new ArrayList<>();
    ObjectNode rest = JsonNodeFactory.instance.objectNode();
    try (JsonParser parser = JSON.createParser(new StagedStream(area, key, PIECE_BYTES))) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw Damage.of(key, "a JSON object", "something else");
      }
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String field = parser.currentName();
        JsonToken value = parser.nextToken();
        if (field.equals("classes") && value == JsonToken.START_ARRAY) {
          while (parser.nextToken() == JsonToken.START_OBJECT) {
            classes.add(classPart(parser, wanted));
          }
        } else {
          rest.set(field, JSON.readTree(parser));
        }
      }
      return new NodeDescriptor(node, rest, classes);
    } catch (JsonProcessingException e) {
      throw Damage.of(key, "JSON", String.valueOf(e.getOriginalMessage())).cause(e);
    } catch (IOException e) {
      throw new TransientFailure("cannot read object " + key, e);
    }
  }

  /**
   * One shard with its files, without the rest of a descriptor that may tell of many thousands.
   *
   * @throws SnapshotGone where there is no such descriptor any more
   */
  static ShardPart shard(StagingArea area, String key, Place place, String name) {
    ByteBuffer bytes =
        area.read(key, place.offset(), place.length())
            .orElseThrow(
                () -> new SnapshotGone("no object %s in %s".formatted(key, area.description())));
    try {
      var text = new byte[bytes.remaining()];
      bytes.get(text);
      ShardPart part = shardPart(JSON.readTree(text), "", (collection, shard) -> true);
      if (part.name().equals(name)) {
        return part;
      }
    } catch (IOException e) {
      throw another(key, place, name).cause(e);
    }
    throw another(key, place, name);
  }

  private static PermanentFailure another(String key, Place place, String name) {
    return Damage.of(
        key,
        "shard %s at %d, where it was when the backup was looked through"
            .formatted(name, place.offset()),
        "something else");
  }

  private static ClassPart classPart(JsonParser parser, Wanted wanted) throws IOException {
    ObjectNode rest = JsonNodeFactory.instance.objectNode();
    List<ShardPart> shards = new ArrayList<>();
    Map<String, Place> places = new HashMap<>();
    var chunks = new TreeMap<Integer, List<String>>();
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String field = parser.currentName();
      JsonToken value = parser.nextToken();
      if (field.equals("shards") && value == JsonToken.START_ARRAY) {
        // Its name is written before its shards.
        String name = rest.path("name").asText();
        while (parser.nextToken() == JsonToken.START_OBJECT) {
          long start = parser.currentTokenLocation().getByteOffset();
          ShardPart shard = shardPart(JSON.readTree(parser), name, wanted);
          long end = parser.currentLocation().getByteOffset();
          shards.add(shard);
          places.put(shard.name(), new Place(start, Math.toIntExact(end - start)));
        }
      } else if (field.equals("chunks") && value == JsonToken.START_OBJECT) {
        JsonNode all = JSON.readTree(parser);
        for (Map.Entry<String, JsonNode> each : all.properties()) {
          List<String> of = new ArrayList<>();
          each.getValue().forEach(shard -> of.add(shard.asText()));
          chunks.put(Integer.valueOf(each.getKey()), of);
        }
      } else {
        rest.set(field, JSON.readTree(parser));
      }
    }
    return new ClassPart(rest.path("name").asText(), chunks, shards, places, rest);
  }

  private static ShardPart shardPart(JsonNode json, String collection, Wanted wanted) {
    String name = json.path("name").asText();
    Set<String> files = new TreeSet<>();
    Map<String, Long> sizes = new TreeMap<>();
    if (wanted.files(collection, name)) {
      json.path("files").forEach(file -> files.add(file.asText()));
      for (Map.Entry<String, JsonNode> big : json.path("bigFilesChunk").properties()) {
        files.add(big.getKey());
        sizes.put(big.getKey(), big.getValue().path("size").asLong());
      }
    }
    return new ShardPart(name, json.path("node").asText(), files, sizes);
  }

  boolean succeeded() {
    return rest.path("status").asText().equals("SUCCESS") && error().isEmpty();
  }

  String error() {
    return rest.path("error").asText("");
  }
}
