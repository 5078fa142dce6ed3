package dev.tidemark.engine.weaviate;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.failure.PermanentFailure.Kind;
import dev.tidemark.core.staging.StagingArea;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Refuses a backup that would fail on the server as it is, or that we could not read. A server
 * tells nothing of its disk but by what it does about it: at 90 % it makes shards READONLY, and of
 * such a shard no backup can be made.
 */
record Preflight(Weaviate server, WeaviateConfig config, StagingArea area) {
  private static final Set<String> READABLE = Set.of(WeaviateConfig.FILESYSTEM, WeaviateConfig.S3);

  /** Shards named in a message. */
  private static final int SHOWN = 5;

  /** States of tasks and moves that do not end by themselves soon, or disturb. */
  private static final Set<String> AT_WORK =
      Set.of("STARTED", "REGISTERED", "HYDRATING", "FINALIZING", "DEHYDRATING");

  void check(List<String> collections) {
    requireReadable();
    JsonNode meta = server.meta();
    Version version = Version.parse(meta.path("version").asText());
    requireVersion(version);
    requirePlace(meta, version);
    JsonNode nodes = server.nodes().path("nodes");
    requireHealth(nodes, version);
    requireLeader();
    requireWritable(nodes, collections);
    requireQuiet(collections);
    // That the place is there, and ours to list.
    var unused = area.list("tidemark-", null, 1);
  }

  /** Refuses what no restore can be made into. */
  void checkTarget() {
    requireReadable();
    JsonNode meta = server.meta();
    Version version = Version.parse(meta.path("version").asText());
    requirePlace(meta, version);
    requireHealth(server.nodes().path("nodes"), version);
    requireLeader();
    // That the place is there, and ours to list.
    var unused = area.list("tidemark-", null, 1);
  }

  private PermanentFailure refused(String expected, String found, String hint) {
    return PermanentFailure.of(Kind.FAILED, "cluster " + config.name())
        .expected(expected)
        .found(found)
        .hint(hint);
  }

  private void requireReadable() {
    if (!READABLE.contains(config.backend())) {
      throw PermanentFailure.of(Kind.INVALID, "clusters." + config.name() + ".backend")
          .expected("a backend that Tidemark can read: filesystem, s3")
          .found(config.backend())
          .hint("enable the module backup-s3 on the servers, or backup-filesystem on a single one");
    }
  }

  private void requireVersion(Version version) {
    if (version.isTooOld()) {
      throw refused(
          "Weaviate 1.23.13 or later",
          version.toString(),
          "upgrade it: restores of backups of older ones come back without objects");
    }
    String level = config.compressionLevel() == null ? "" : config.compressionLevel();
    boolean zstd = level.startsWith("Zstd") && !version.compressesByZstd();
    boolean none = level.equals("NoCompression") && !version.leavesUncompressed();
    if (zstd || none) {
      throw PermanentFailure.of(Kind.INVALID, "clusters." + config.name() + ".compressionLevel")
          .expected("a level that Weaviate %s knows".formatted(version))
          .found(level)
          .hint("leave it out: the best for a backup is taken, which is none where there is none");
    }
  }

  private void requirePlace(JsonNode meta, Version version) {
    JsonNode module = meta.path("modules").path("backup-" + config.backend());
    if (module.isMissingNode()) {
      throw refused(
          "the module backup-%s on the server".formatted(config.backend()),
          "ENABLE_MODULES without it",
          "enable it, and restart the servers");
    }
    if (config.backend().equals(WeaviateConfig.S3) && !version.placesBackups()) {
      String bucket = module.path("bucketName").asText("");
      String path = module.path("rootName").asText("");
      if (!bucket.equals(config.staging().text("bucket"))
          || !path.equals(config.staging().text("prefix"))) {
        throw refused(
            "the staging bucket and prefix to be the server's own, for it takes no other",
            "s3://%s/%s".formatted(bucket, path),
            "correct clusters.%s.staging".formatted(config.name()));
      }
    }
  }

  private void requireHealth(JsonNode nodes, Version version) {
    List<String> wrong = new ArrayList<>();
    for (JsonNode node : nodes) {
      String status = node.path("status").asText();
      String of = node.path("version").asText(version.toString());
      if (!status.equals("HEALTHY")) {
        wrong.add(node.path("name").asText() + " is " + status);
      } else if (!of.equals(version.toString())) {
        wrong.add(node.path("name").asText() + " is of version " + of);
      }
    }
    if (!wrong.isEmpty()) {
      throw refused(
          "all nodes HEALTHY and of version " + version,
          String.join(", ", wrong),
          "bring them back, or finish the upgrade; a native backup needs every node");
    }
    if (config.backend().equals(WeaviateConfig.FILESYSTEM) && nodes.size() > 1) {
      throw refused(
          "one node, where backups are kept in its file system",
          nodes.size() + " nodes",
          "enable backup-s3 on all of them, and set backend: s3");
    }
  }

  private void requireLeader() {
    JsonNode statistics = server.statistics();
    if (statistics.isMissingNode()) {
      return;
    }
    Set<String> leaders = new TreeSet<>();
    for (JsonNode each : statistics.path("statistics")) {
      String leader = each.path("leaderId").asText("");
      leaders.add(leader.isEmpty() ? "none" : leader);
    }
    if (leaders.size() > 1 || leaders.contains("none")) {
      throw refused(
          "one leader of the consensus",
          String.join(", ", leaders),
          "wait until the nodes agree; look at their logs if they do not");
    }
  }

  private void requireWritable(JsonNode nodes, List<String> collections) {
    List<String> readOnly = new ArrayList<>();
    for (JsonNode node : nodes) {
      for (JsonNode shard : node.path("shards")) {
        if (collections.contains(shard.path("class").asText())
            && shard.path("vectorIndexingStatus").asText().equals("READONLY")) {
          readOnly.add(
              "%s of %s on %s"
                  .formatted(
                      shard.path("name").asText(),
                      shard.path("class").asText(),
                      node.path("name").asText()));
        }
      }
    }
    if (!readOnly.isEmpty()) {
      throw refused(
          "shards that can be written, for their memory is flushed before they are backed up",
          "%d READONLY: %s"
              .formatted(
                  readOnly.size(),
                  String.join(", ", readOnly.subList(0, Math.min(SHOWN, readOnly.size())))),
          "a server makes them so when its disk is 90 % full: free space below 80 %, then PUT"
              + " /v1/schema/<collection>/shards/<shard> {\"status\": \"READY\"}");
    }
  }

  private void requireQuiet(List<String> collections) {
    List<String> moves = new ArrayList<>();
    for (JsonNode each : server.optional("/v1/replication/replicate/list")) {
      String state = each.path("status").path("state").asText();
      String of = each.path("collection").asText(each.path("collectionId").asText());
      if (AT_WORK.contains(state) && collections.contains(of)) {
        moves.add("shard %s of %s is %s".formatted(each.path("shard").asText(), of, state));
      }
    }
    for (JsonNode each : server.optional("/v1/tasks").path("reindex")) {
      if (AT_WORK.contains(each.path("status").asText())) {
        moves.add("reindexing " + each.path("id").asText());
      }
    }
    if (!moves.isEmpty()) {
      throw refused(
          "no replica on its way and no reindexing",
          String.join(", ", moves),
          "wait until they have ended, or cancel them");
    }
  }
}
