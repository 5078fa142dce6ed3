package dev.tidemark.journey.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.contract.cloud.WeaviateApi;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;

/**
 * Objects of two collections of two shards each, with a vector of 128 dimensions around one of 500
 * centers and some 300 bytes of text, which an application loads and changes. One seed makes the
 * same objects and changes.
 */
final class Library {
  static final List<String> COLLECTIONS = List.of("Passages", "Products");
  static final int SHARDS = 2;
  static final int DIMENSIONS = 128;
  static final int NEAREST = 10;

  private static final int CENTERS = 500;
  private static final double SPREAD = 0.4;
  private static final int WORDS = 4_096;
  private static final int WORDS_A_TEXT = 45;
  private static final int BATCH = 200;
  private static final int QUERIES = 50;

  private final SplittableRandom random;
  private final long seed;
  private final float[][] centers = new float[CENTERS][];
  private final String[] words = new String[WORDS];

  /** Of those that there are, by number; the number says which collection. */
  private final Map<Integer, float[]> vectors = new LinkedHashMap<>();

  private int made;
  private int changes;

  Library(long seed) {
    this.seed = seed;
    this.random = new SplittableRandom(seed);
    for (int i = 0; i < CENTERS; i++) {
      centers[i] = new float[DIMENSIONS];
      for (int d = 0; d < DIMENSIONS; d++) {
        centers[i][d] = (float) random.nextGaussian();
      }
    }
    for (int i = 0; i < WORDS; i++) {
      words[i] = Long.toString(random.nextLong(36L * 36, 36L * 36 * 36 * 36 * 36 * 36), 36);
    }
  }

  /** Makes the collections with so many objects in all. */
  void load(WeaviateApi server, int objects) {
    for (String name : COLLECTIONS) {
      ObjectNode definition = JsonNodeFactory.instance.objectNode();
      definition.put("class", name).put("vectorizer", "none");
      definition.putObject("shardingConfig").put("desiredCount", SHARDS);
      ArrayNode properties = definition.putArray("properties");
      properties.addObject().put("name", "text").putArray("dataType").add("text");
      properties.addObject().put("name", "number").putArray("dataType").add("int");
      server.call("POST", "/v1/schema", definition);
    }
    store(server, added(objects));
  }

  private List<Integer> added(int count) {
    List<Integer> numbers = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      numbers.add(made++);
    }
    return numbers;
  }

  /**
   * A day: so many percent of the objects, chosen at random, get another vector and text; a tenth
   * as many are deleted, and as many added.
   */
  void change(WeaviateApi server, double percent) {
    changes++;
    List<Integer> all = new ArrayList<>(vectors.keySet());
    int replaced = (int) Math.round(all.size() * percent / 100);
    int gone = replaced / 10;
    for (int i = 0; i < replaced + gone; i++) {
      int other = random.nextInt(i, all.size());
      all.set(i, all.set(other, all.get(i)));
    }
    store(server, all.subList(0, replaced));
    for (int number : all.subList(replaced, replaced + gone)) {
      server.call(
          "DELETE", "/v1/objects/" + collection(number) + "/" + WeaviateApi.id(number), null);
      vectors.remove(number);
    }
    store(server, added(gone));
  }

  /** Writes one of the first objects once more, with another vector and text each time. */
  void touch(WeaviateApi server, int time) {
    send(server, List.of(time % BATCH), -1 - time);
  }

  int size() {
    return vectors.size();
  }

  private static String collection(int number) {
    return COLLECTIONS.get(number % COLLECTIONS.size());
  }

  private void store(WeaviateApi server, List<Integer> numbers) {
    for (int at = 0; at < numbers.size(); at += BATCH) {
      send(server, numbers.subList(at, Math.min(numbers.size(), at + BATCH)), changes);
    }
    numbers.forEach(number -> vectors.put(number, vector(random(number, changes))));
  }

  private void send(WeaviateApi server, List<Integer> numbers, int version) {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    ArrayNode objects = body.putArray("objects");
    numbers.forEach(number -> object(objects.addObject(), number, random(number, version)));
    for (JsonNode each : server.call("POST", "/v1/batch/objects", body)) {
      String status = each.path("result").path("status").asText("SUCCESS");
      if (!status.equals("SUCCESS")) {
        throw new IllegalStateException(each.path("result").toString());
      }
    }
  }

  private SplittableRandom random(int number, int version) {
    return new SplittableRandom(seed + number * 1_000_003L + version * 7_368_787L);
  }

  private void object(ObjectNode object, int number, SplittableRandom own) {
    object.put("class", collection(number)).put("id", WeaviateApi.id(number));
    float[] vector = vector(own);
    ArrayNode numbers = object.putArray("vector");
    for (float each : vector) {
      numbers.add(each);
    }
    var text = new StringBuilder();
    for (int i = 0; i < WORDS_A_TEXT; i++) {
      // Some words are much more frequent than others.
      text.append(words[(int) (WORDS * Math.pow(own.nextDouble(), 3))]).append(' ');
    }
    object.putObject("properties").put("text", text.toString()).put("number", number);
  }

  private float[] vector(SplittableRandom own) {
    float[] center = centers[own.nextInt(CENTERS)];
    var vector = new float[DIMENSIONS];
    for (int d = 0; d < DIMENSIONS; d++) {
      vector[d] = (float) (center[d] + SPREAD * own.nextGaussian());
    }
    return vector;
  }

  /** Objects that each collection has. */
  static Map<String, Long> counts(WeaviateApi server) {
    Map<String, Long> counts = new LinkedHashMap<>();
    COLLECTIONS.forEach(name -> counts.put(name, server.count(name, "")));
    return counts;
  }

  /** What {@link #counts} must be. */
  Map<String, Long> expected() {
    Map<String, Long> counts = new LinkedHashMap<>();
    for (String name : COLLECTIONS) {
      counts.put(name, vectors.keySet().stream().filter(n -> collection(n).equals(name)).count());
    }
    return counts;
  }

  /**
   * Golden queries, each with the objects that are nearest by comparing with all of them.
   *
   * @param vector as a server reads it
   * @param nearest ids
   */
  record Golden(String collection, String vector, Set<String> nearest) {}

  List<Golden> golden() {
    var own = new SplittableRandom(seed + 1);
    List<Golden> queries = new ArrayList<>();
    for (int i = 0; i < QUERIES; i++) {
      float[] vector = vector(own);
      queries.add(
          new Golden(collection(i), Arrays.toString(vector), nearest(collection(i), vector)));
    }
    return queries;
  }

  private Set<String> nearest(String collection, float[] vector) {
    record Hit(int number, double cosine) {}
    Set<String> ids = new TreeSet<>();
    vectors.entrySet().stream()
        .filter(each -> collection(each.getKey()).equals(collection))
        .map(each -> new Hit(each.getKey(), cosine(vector, each.getValue())))
        .sorted(Comparator.comparing(Hit::cosine).reversed())
        .limit(NEAREST)
        .forEach(hit -> ids.add(WeaviateApi.id(hit.number())));
    return ids;
  }

  private static double cosine(float[] a, float[] b) {
    double dot = 0;
    double squares = 0;
    for (int d = 0; d < DIMENSIONS; d++) {
      dot += a[d] * b[d];
      squares += b[d] * b[d];
    }
    return dot / Math.sqrt(squares);
  }

  /** The share of the nearest objects that a server finds; 1 is all of them. */
  static double recall(WeaviateApi server, List<Golden> queries) {
    int found = 0;
    for (Golden query : queries) {
      String text =
          "{Get{%s(nearVector:{vector:%s},limit:%d){_additional{id}}}}"
              .formatted(query.collection(), query.vector(), NEAREST);
      JsonNode hits =
          server
              .call("POST", "/v1/graphql", JsonNodeFactory.instance.objectNode().put("query", text))
              .path("data")
              .path("Get")
              .path(query.collection());
      for (JsonNode hit : hits) {
        if (query.nearest().contains(hit.path("_additional").path("id").asText())) {
          found++;
        }
      }
    }
    return found / (double) (queries.size() * NEAREST);
  }
}
