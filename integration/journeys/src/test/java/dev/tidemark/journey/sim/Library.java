package dev.tidemark.journey.sim;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemark.contract.node.NodeApi;
import dev.tidemark.contract.node.NodeCluster;
import dev.tidemark.core.engine.StorageEngine;
import dev.tidemark.engine.embedded.EmbeddedConfig;
import dev.tidemark.engine.embedded.EmbeddedConfig.MissingNode;
import dev.tidemark.engine.embedded.EmbeddedEngine;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What users have on two real nodes, the same at the start of each journey, and everything that
 * ever stood there. Names are those of collections, or of tenants as {@code collection/tenant}.
 */
final class Library {
  static final List<String> NODES = List.of("n1", "n2");

  /** What never changes; its objects are spread over both nodes. */
  private static final String SPREAD = "films";

  private static final List<String> COLLECTIONS = List.of("books", "papers", SPREAD, "readers");
  private static final String MINE = "mine";

  private final NodeCluster nodes;
  private final NodeApi api;
  private final Map<String, Set<Map<String, String>>> history = new HashMap<>();

  private Library(NodeCluster nodes) {
    this.nodes = nodes;
    this.api = nodes.api();
  }

  /** Makes everything on the nodes as it is at first: five units, one of them a tenant. */
  static Library filled(NodeCluster nodes) {
    var library = new Library(nodes);
    library.fill();
    return library;
  }

  /** Making a collection costs far more than making its objects what they were. */
  private void fill() {
    api.restores().forEach(api::abortRestore);
    List<String> there = collections();
    there.stream().filter(name -> !COLLECTIONS.contains(name)).forEach(api::drop);
    if (!there.containsAll(COLLECTIONS)) {
      api.collection("books", Map.of("s0", "n1"));
      api.collection("papers", Map.of("s0", "n2"));
      api.collection(SPREAD, Map.of("s0", "n1", "s1", "n2"));
      api.tenants("readers", List.of("acme"));
    }
    List.of("books", "papers", SPREAD, "readers/acme").forEach(name -> change(name, 0));
    api.snapshot("n1", "books", "s0", MINE);
  }

  /** A client of the nodes, as a process has one. */
  StorageEngine client() {
    var addresses = new TreeMap<String, URI>();
    nodes.addresses().forEach((name, address) -> addresses.put(name, URI.create(address)));
    return new EmbeddedEngine(
        new EmbeddedConfig(
            "c1",
            addresses,
            "env:KEY",
            null,
            Duration.ofHours(6),
            MissingNode.FAIL,
            0,
            Duration.ofSeconds(30)),
        reference -> NodeCluster.KEY);
  }

  /** Changes some of the objects that have this name, and notes what it is now. */
  void change(String name, int version) {
    int from = version == 0 ? 0 : 10 * (version % 3);
    api.store(collection(name), tenant(name), from, 40, version);
    history.computeIfAbsent(name, each -> new HashSet<>()).add(contents(name));
  }

  /** All that users find now, by names. */
  Map<String, Map<String, String>> now() {
    Map<String, Map<String, String>> now = new TreeMap<>();
    for (JsonNode collection : api.schema().path("collections")) {
      String name = collection.path("name").asText();
      if (collection.path("multiTenant").asBoolean()) {
        for (JsonNode tenant : collection.path("shards")) {
          String full = name + "/" + tenant.path("name").asText();
          now.put(full, contents(full));
        }
      } else {
        now.put(name, contents(name));
      }
    }
    return now;
  }

  private Map<String, String> contents(String name) {
    return api.contents(collection(name), tenant(name));
  }

  /** Drops the collections whose names end so. */
  void drop(String suffix) {
    collections().stream().filter(name -> name.endsWith(suffix)).forEach(api::drop);
  }

  /** The nodes lose the snapshots of a deployment's runs, as where their time is over. */
  void loseSnapshots(String deployment) {
    for (String node : NODES) {
      api.dropSnapshots(node, "tidemark-" + deployment + "-");
    }
  }

  /** What is on the nodes for runs that have ended; and what is not there though it is a user's. */
  List<String> findings(String deployment) {
    String prefix = "tidemark-" + deployment + "-";
    List<String> wrong = new ArrayList<>();
    for (String node : NODES) {
      api.snapshots(node, prefix).forEach(each -> wrong.add("held on " + node + ": " + each));
    }
    api.restores().forEach(each -> wrong.add("not published: restore " + each));
    return wrong;
  }

  boolean hasTheUsersSnapshot() {
    return api.snapshots("n1", MINE).equals(List.of("books/s0 " + MINE));
  }

  /** What of a backup that was restored under names with a suffix never was so. */
  List<String> findingsOfCopy(String suffix) {
    Map<String, Map<String, String>> now = now();
    var copied = new TreeSet<String>();
    List<String> wrong = new ArrayList<>();
    now.forEach(
        (name, contents) -> {
          if (collection(name).endsWith(suffix)) {
            String source = name.replace(suffix, "");
            copied.add(source);
            if (!history.getOrDefault(source, Set.of()).contains(contents)) {
              wrong.add(source + " never was what is restored of it");
            }
          }
        });
    if (!copied.equals(history.keySet())) {
      wrong.add("restored were " + copied + ", not " + history.keySet());
    }
    return wrong;
  }

  private List<String> collections() {
    List<String> names = new ArrayList<>();
    api.schema().path("collections").forEach(each -> names.add(each.path("name").asText()));
    return names;
  }

  private static String collection(String name) {
    return name.contains("/") ? name.substring(0, name.indexOf('/')) : name;
  }

  private static String tenant(String name) {
    return name.contains("/") ? name.substring(name.indexOf('/') + 1) : "";
  }
}
