package dev.tidemark.engine.weaviate;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * {@code backup_config.json}: what the coordinator says of a native backup, when it begins and when
 * it ends.
 *
 * @param nodes to the collections of which they give shards, or what they know
 * @param compression "gzip", "zstd" or "none"
 */
record ClusterDescriptor(
    String id,
    String status,
    String error,
    Instant started,
    String serverVersion,
    String leader,
    String compression,
    String base,
    SortedMap<String, List<String>> nodes) {

  static final String NAME = "backup_config.json";

  static ClusterDescriptor of(JsonNode json) {
    var nodes = new TreeMap<String, List<String>>();
    for (Map.Entry<String, JsonNode> each : json.path("nodes").properties()) {
      List<String> classes = new ArrayList<>();
      each.getValue().path("classes").forEach(name -> classes.add(name.asText()));
      Collections.sort(classes);
      nodes.put(each.getKey(), classes);
    }
    String compression = json.path("compressionType").asText("");
    return new ClusterDescriptor(
        json.path("id").asText(),
        json.path("status").asText(),
        json.path("error").asText(""),
        time(json.path("startedAt").asText("")),
        json.path("serverVersion").asText(),
        json.path("leader").asText(""),
        compression.isEmpty() ? "gzip" : compression,
        json.path("baseBackupId").asText(""),
        Collections.unmodifiableSortedMap(nodes));
  }

  private static Instant time(String text) {
    try {
      return Instant.parse(text);
    } catch (DateTimeParseException e) {
      return Instant.EPOCH;
    }
  }

  boolean succeeded() {
    return status.equals("SUCCESS");
  }

  /** Whether it has ended without success. */
  boolean ended() {
    return switch (status) {
      case "FAILED", "CANCELED", "CANCELLED" -> true;
      default -> false;
    };
  }

  /** All collections that are in it. */
  List<String> collections() {
    return nodes.values().stream().flatMap(List::stream).distinct().sorted().toList();
  }
}
