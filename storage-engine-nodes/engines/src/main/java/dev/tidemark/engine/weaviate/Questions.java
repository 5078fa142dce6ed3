package dev.tidemark.engine.weaviate;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemark.core.engine.Probe;
import dev.tidemark.core.engine.Shard;
import dev.tidemark.core.vault.TreeDigest;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Questions to shards: {@code object <id>} is answered by a digest of the object, its vectors bit
 * for bit; {@code found <id>} by whether a search near its own vector finds it, which it does not
 * where the index was lost. In which order a search finds others is a matter of how a graph was
 * built, and is no question.
 */
record Questions(Weaviate server) {
  private static final String OBJECT = "object ";
  private static final String FOUND = "found ";
  private static final int SAMPLED = 5;
  private static final int NEIGHBOURS = 10;

  List<Probe> about(Shard shard) {
    String tenant = tenant(shard.collection(), Inventory.nameOf(shard));
    List<Probe> probes = new ArrayList<>();
    for (JsonNode object : server.objects(shard.collection(), tenant, SAMPLED)) {
      String id = object.path("id").asText();
      probes.add(new Probe(shard.collection(), shard.shard(), OBJECT + id));
      if (probes.size() == 1) {
        probes.add(new Probe(shard.collection(), shard.shard(), FOUND + id));
      }
    }
    return probes;
  }

  /** The shard's name where it is a tenant's. */
  private String tenant(String collection, String shard) {
    for (JsonNode each : server.schema().path("classes")) {
      if (each.path("class").asText().equals(collection)) {
        return Tenancy.of(each) ? shard : "";
      }
    }
    return "";
  }

  Map<Probe, String> answers(List<Probe> probes) {
    Map<String, Boolean> divided = new TreeMap<>();
    for (JsonNode each : server.schema().path("classes")) {
      divided.put(each.path("class").asText(), Tenancy.of(each));
    }
    Map<Probe, String> answers = new LinkedHashMap<>();
    for (Probe probe : probes) {
      Boolean tenants = divided.get(probe.collection());
      if (tenants != null) {
        String shard = Inventory.nameOf(new Shard(probe.collection(), probe.shard(), "", 0));
        answer(probe, tenants ? shard : "").ifPresent(answer -> answers.put(probe, answer));
      }
    }
    return answers;
  }

  private Optional<String> answer(Probe probe, String tenant) {
    boolean search = probe.question().startsWith(FOUND);
    String id = probe.question().substring((search ? FOUND : OBJECT).length());
    JsonNode object = server.object(probe.collection(), tenant, id);
    if (object.isMissingNode()) {
      return Optional.empty();
    }
    return search ? found(probe.collection(), tenant, object) : Optional.of(digest(object));
  }

  private Optional<String> found(String collection, String tenant, JsonNode object) {
    JsonNode vector = object.path("vector");
    if (vector.size() == 0) {
      return Optional.empty();
    }
    String question =
        "{Get{%s(limit:%d,nearVector:{vector:%s}%s){_additional{id}}}}"
            .formatted(
                collection,
                NEIGHBOURS,
                vector,
                tenant.isEmpty() ? "" : ",tenant:" + Counting.quoted(tenant));
    JsonNode hits = server.query(question).path("data").path("Get").path(collection);
    String id = object.path("id").asText();
    for (JsonNode hit : hits) {
      if (hit.path("_additional").path("id").asText().equals(id)) {
        return Optional.of("yes");
      }
    }
    return Optional.of("no");
  }

  private static String digest(JsonNode object) {
    MessageDigest digest = TreeDigest.sha256();
    add(digest, bits(object.path("vector")));
    var named = new TreeMap<String, String>();
    object
        .path("vectors")
        .properties()
        .forEach(each -> named.put(each.getKey(), bits(each.getValue())));
    add(digest, named.toString());
    var properties = new TreeMap<String, String>();
    object
        .path("properties")
        .properties()
        .forEach(each -> properties.put(each.getKey(), each.getValue().toString()));
    add(digest, properties.toString());
    return HexFormat.of().formatHex(digest.digest());
  }

  private static void add(MessageDigest digest, String text) {
    digest.update(text.getBytes(StandardCharsets.UTF_8));
    digest.update((byte) 0);
  }

  /** Of a vector, or of one for each token. */
  private static String bits(JsonNode vector) {
    var text = new StringBuilder();
    for (JsonNode value : vector) {
      text.append(
              value.isArray()
                  ? "[" + bits(value) + "]"
                  : Integer.toHexString(Float.floatToRawIntBits(value.floatValue())))
          .append(' ');
    }
    return text.toString();
  }
}
