package dev.tidemark.engine.weaviate;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemark.core.engine.Condition;
import dev.tidemark.core.engine.Condition.Verdict;
import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.failure.PermanentFailure.Kind;
import dev.tidemark.core.staging.StagingArea;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;

/**
 * Refuses a backup that would fail on the server as it is, or that we could not read.
 *
 * <p>How full its disks are no server tells: of 1.38.11 neither {@code /v1/nodes}, {@code
 * /v1/cluster/statistics} nor a metric does; it warns in its log alone (at 80 % unless {@code
 * DISK_USE_WARNING_PERCENTAGE} says otherwise). All that shows is what it does about it: at 90 %
 * ({@code DISK_USE_READONLY_PERCENTAGE}, or {@code MEMORY_READONLY_PERCENTAGE} where that is set)
 * it makes all shards READONLY, of which no backup can be made; and newer ones make them READY
 * again by themselves when there is room.
 */
record Preflight(Weaviate server, WeaviateConfig config, StagingArea area) {
  private static final Set<String> READABLE = Set.of(WeaviateConfig.FILESYSTEM, WeaviateConfig.S3);

  /** Shards named in a message. */
  private static final int SHOWN = 5;

  /** States of tasks and moves that do not end by themselves soon, or disturb. */
  private static final Set<String> AT_WORK =
      Set.of("STARTED", "REGISTERED", "HYDRATING", "FINALIZING", "DEHYDRATING");

  /**
   * Something that is needed.
   *
   * @param look answers what it found in words, or refuses
   */
  private record Need(String text, Supplier<String> look) {}

  /** What servers say of themselves, asked once. */
  private record Told(JsonNode meta, JsonNode nodes) {
    Version version() {
      return Version.parse(meta.path("version").asText());
    }
  }

  private Told told() {
    return new Told(server.meta(), server.nodes().path("nodes"));
  }

  void check(List<String> collections) {
    requireReadable();
    for (Need need : needs(told(), collections)) {
      var unused = need.look().get();
    }
    // That the place is there, and ours to list.
    var unused = area.list("tidemark-", null, 1);
  }

  /** Looks at all of it, where there is a server to ask. */
  List<Condition> inspect(List<String> collections) {
    List<Condition> conditions = new ArrayList<>();
    conditions.add(
        Condition.of(
            "the backend is one that Tidemark can read",
            () -> {
              requireReadable();
              return config.backend();
            }));
    Condition reached = reached();
    conditions.add(reached);
    if (reached.verdict() != Verdict.BAD) {
      List<Need> needs = new ArrayList<>();
      conditions.add(
          Condition.of(
              "the servers say what they are",
              () -> {
                needs.addAll(needs(told(), collections));
                return "";
              }));
      needs.forEach(need -> conditions.add(Condition.of(need.text(), need.look())));
    }
    return conditions;
  }

  private Condition reached() {
    String need = "every endpoint answers, and is ready";
    List<String> silent = server.silent();
    String hint = "start the server, or correct clusters.%s.endpoints".formatted(config.name());
    if (silent.isEmpty()) {
      return Condition.good(need, "%d of them".formatted(server.endpointCount()));
    }
    String found = String.join("; ", silent);
    return silent.size() < server.endpointCount()
        ? Condition.warning(need, found, hint)
        : Condition.bad(need, found, hint);
  }

  private List<Need> needs(Told told, List<String> collections) {
    return List.of(
        new Need("the version is one whose backups are whole", () -> version(told.version())),
        new Need("the servers have the backend's module", () -> place(told)),
        new Need("all nodes are healthy, and of one version", () -> health(told)),
        new Need("the nodes agree on a leader", this::leader),
        new Need(
            "no shard is READONLY, which is all that shows of a disk that is full",
            () -> writable(told.nodes(), collections)),
        new Need("no replica moves, nothing is reindexed", () -> quiet(collections)));
  }

  private String version(Version version) {
    requireVersion(version);
    return version.toString();
  }

  private String place(Told told) {
    requirePlace(told.meta(), told.version());
    return "backup-" + config.backend();
  }

  private String health(Told told) {
    requireHealth(told.nodes(), told.version());
    return "%d nodes".formatted(told.nodes().size());
  }

  private String leader() {
    requireLeader();
    return "";
  }

  private String writable(JsonNode nodes, List<String> collections) {
    requireWritable(nodes, collections);
    return "how full disks are, servers do not tell: watch that they stay below 80 %";
  }

  private String quiet(List<String> collections) {
    requireQuiet(collections);
    return "";
  }

  /** Refuses what no restore can be made into. */
  void checkTarget() {
    requireReadable();
    Told told = told();
    requirePlace(told.meta(), told.version());
    requireHealth(told.nodes(), told.version());
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
