package dev.tidemark.engine.embedded;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.core.engine.Probe;
import dev.tidemark.core.engine.Shard;
import dev.tidemark.engine.http.Endpoint;
import dev.tidemark.engine.http.Reply;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Questions to shards: {@code object <id>} is answered by a digest of the object, its vector bit
 * for bit; {@code nearest <id>} by the ids nearest to that object's vector, in their order.
 */
record Questions(Nodes nodes) {
  private static final String OBJECT = "object ";
  private static final String NEAREST = "nearest ";
  private static final int NEIGHBOURS = 10;

  /** Where in the order of ids objects are picked: before each of these. */
  private static final List<String> STARTS = List.of("", "3", "7", "b", "k", "o");

  /** A few objects from all over the shard, and a query; nothing of an inactive tenant. */
  List<Probe> about(Shard shard) {
    Endpoint node = nodes.node(shard.node());
    String path = Endpoint.path("v1", "shards", shard.collection(), shard.shard(), "objects");
    Set<String> ids = new LinkedHashSet<>();
    for (String start : STARTS) {
      String from = start.isEmpty() ? "" : "&after=" + Endpoint.escape(start);
      Reply page = node.get(path + "?limit=1" + from);
      // Of an inactive tenant there is nothing to be had.
      if (page.status() != 422) {
        page.json().path("objects").forEach(object -> ids.add(object.path("id").asText()));
      }
    }
    List<Probe> probes = new ArrayList<>();
    for (String id : ids) {
      probes.add(new Probe(shard.collection(), shard.shard(), OBJECT + id));
    }
    ids.stream()
        .findFirst()
        .ifPresent(id -> probes.add(new Probe(shard.collection(), shard.shard(), NEAREST + id)));
    return probes;
  }

  Map<Probe, String> answers(List<Probe> probes) {
    Map<Probe, String> answers = new LinkedHashMap<>();
    Map<String, String> places = new TreeMap<>();
    nodes
        .schema()
        .path("collections")
        .forEach(
            collection ->
                collection
                    .path("shards")
                    .forEach(
                        shard ->
                            places.put(
                                collection.path("name").asText()
                                    + "/"
                                    + shard.path("name").asText(),
                                shard.path("node").asText())));
    for (Probe probe : probes) {
      String node = places.get(probe.collection() + "/" + probe.shard());
      if (node != null) {
        answer(nodes.node(node), probe).ifPresent(answer -> answers.put(probe, answer));
      }
    }
    return answers;
  }

  private static Optional<String> answer(Endpoint node, Probe probe) {
    String question = probe.question();
    boolean nearest = question.startsWith(NEAREST);
    String id = question.substring((nearest ? NEAREST : OBJECT).length());
    String path = Endpoint.path("v1", "shards", probe.collection(), probe.shard());
    Reply found = node.get(path + Endpoint.path("objects", id));
    if (found.status() == 404 || found.status() == 422) {
      return Optional.empty();
    }
    JsonNode object = found.json();
    return Optional.of(nearest ? neighbours(node, path, object) : digest(object));
  }

  private static String neighbours(Endpoint node, String path, JsonNode object) {
    ObjectNode query = JsonNodeFactory.instance.objectNode();
    query.set("vector", object.path("vector"));
    query.put("k", NEIGHBOURS);
    var ids = new StringBuilder();
    for (JsonNode hit : node.post(path + "/search", query).json().path("hits")) {
      ids.append(ids.length() == 0 ? "" : " ").append(hit.path("id").asText());
    }
    return ids.toString();
  }

  private static String digest(JsonNode object) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (JsonNode value : object.path("vector")) {
        digest.update(
            Integer.toHexString(Float.floatToRawIntBits(value.floatValue()))
                .getBytes(StandardCharsets.US_ASCII));
        digest.update((byte) ' ');
      }
      Map<String, String> properties = new TreeMap<>();
      for (Map.Entry<String, JsonNode> each : object.path("properties").properties()) {
        properties.put(each.getKey(), each.getValue().toString());
      }
      digest.update(properties.toString().getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
