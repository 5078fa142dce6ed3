package dev.tidemark.engine.weaviate;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.contract.cloud.WeaviateApi;
import dev.tidemark.core.engine.StorageEngine;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Searches find after a restore what they found before the backup, whatever the index is. */
@Tag("engines")
class RecallTest {
  private static final int OBJECTS = 500;
  private static final int QUESTIONS = 25;
  private static final int NEAREST = 10;

  @RegisterExtension static final TwoServers SERVERS = new TwoServers(Map.of());

  private final WeaviateApi there = new WeaviateApi(SERVERS.source().node(0).address());
  private final WeaviateApi here = new WeaviateApi(SERVERS.target().node(0).address());

  private static StorageEngine sourceEngine() {
    return Weaviates.engine(SERVERS.source(), SERVERS.sourceBackups(), Map.of());
  }

  private static StorageEngine targetEngine() {
    return Weaviates.engine(SERVERS.target(), SERVERS.targetBackups(), Map.of());
  }

  /** A collection, and the tenant whose objects are searched for; empty where it has none. */
  private record Searched(String collection, String tenant) {
    List<List<String>> by(WeaviateApi api) {
      List<List<String>> answers = new ArrayList<>();
      for (int i = 1; i <= QUESTIONS; i++) {
        answers.add(api.nearest(collection, tenant, -i, NEAREST));
      }
      return answers;
    }
  }

  private Searched filled(String name, String tenant, String quantizer) {
    ObjectNode definition = WeaviateApi.definition(name, 1);
    ObjectNode index = definition.putObject("vectorIndexConfig");
    index.put("skipDefaultQuantization", true);
    if (quantizer.equals("rq")) {
      index.putObject("rq").put("enabled", true).put("bits", 8);
    }
    definition.putObject("multiTenancyConfig").put("enabled", !tenant.isEmpty());
    there.collection(definition);
    if (!tenant.isEmpty()) {
      there.addTenants(name, List.of(tenant, "other"));
      there.store(name, "other", OBJECTS, OBJECTS + 50, 1);
    }
    there.store(name, tenant, 0, OBJECTS, 1);
    if (quantizer.equals("pq")) {
      trainPq(name);
    }
    return new Searched(name, tenant);
  }

  /** Such an index is made of objects that are there. */
  private void trainPq(String name) {
    ObjectNode definition = (ObjectNode) there.call("GET", "/v1/schema/" + name, null);
    definition
        .withObjectProperty("vectorIndexConfig")
        .withObjectProperty("pq")
        .put("enabled", true)
        .put("segments", WeaviateApi.DIMENSIONS / 2)
        .put("centroids", 16)
        .put("trainingLimit", OBJECTS);
    there.call("PUT", "/v1/schema/" + name, definition);
    for (int i = 0; i < 600 && !settled(there, name); i++) {
      Backups.sleep(Duration.ofMillis(100));
    }
    assertThat(compressed(there)).contains(name);
  }

  private static boolean settled(WeaviateApi api, String name) {
    return compressed(api).contains(name)
        && api
            .call("GET", "/v1/nodes?output=verbose", null)
            .findParents("vectorIndexingStatus")
            .stream()
            .allMatch(shard -> shard.path("vectorIndexingStatus").asText().equals("READY"));
  }

  /** The collections of which a shard's vectors are compressed. */
  private static Set<String> compressed(WeaviateApi api) {
    Set<String> names = new HashSet<>();
    for (JsonNode node : api.call("GET", "/v1/nodes?output=verbose", null).path("nodes")) {
      for (JsonNode shard : node.path("shards")) {
        if (shard.path("compressed").asBoolean()) {
          names.add(shard.path("class").asText());
        }
      }
    }
    return names;
  }

  @Test
  void theTenNearestAreTheSameTenAlsoOfCompressedVectorsAndOfTenants() {
    List<Searched> all =
        List.of(
            filled("Plain", "", "none"),
            filled("Product", "", "pq"),
            filled("Rotated", "", "rq"),
            filled("ProductOfTenants", "a", "pq"),
            filled("RotatedOfTenants", "a", "rq"));
    Map<Searched, List<List<String>>> before =
        new TreeMap<>(java.util.Comparator.comparing(Searched::collection));
    all.forEach(each -> before.put(each, each.by(there)));
    Backups backup = new Backups(RecallTest::sourceEngine);
    backup.prepare(all.stream().map(Searched::collection).toArray(String[]::new));

    new Restores(
            RecallTest::sourceEngine, backup, RecallTest::targetEngine, UnaryOperator.identity())
        .all();

    for (Searched each : all) {
      double recall = recall(before.get(each), each.by(here));
      System.out.printf("recall@10 of %s after a restore: %.3f%n", each.collection(), recall);
      assertThat(recall).as(each.collection()).isEqualTo(1.0);
      assertThat(here.objects(each.collection(), each.tenant()))
          .isEqualTo(there.objects(each.collection(), each.tenant()));
    }
    assertThat(compressed(here))
        .contains("Product", "Rotated", "ProductOfTenants", "RotatedOfTenants")
        .isEqualTo(compressed(there));
    backup.release();
  }

  /** Which share of what was found before is found. */
  private static double recall(@Nullable List<List<String>> before, List<List<String>> now) {
    long found = 0;
    long all = 0;
    List<List<String>> expected = Objects.requireNonNull(before);
    for (int i = 0; i < expected.size(); i++) {
      assertThat(expected.get(i)).hasSize(NEAREST);
      all += NEAREST;
      found += expected.get(i).stream().filter(now.get(i)::contains).count();
    }
    return (double) found / all;
  }
}
