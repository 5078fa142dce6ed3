package dev.tidemark.journey.sim;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tidemark.core.memory.InMemoryCluster;
import dev.tidemark.core.state.Row;
import dev.tidemark.events.Notice;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Looks at a world in which nothing is left to do, by what is written of vault, table and engine
 * alone, and names everything that should not be so.
 */
public final class Auditor {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Set<String> TERMINAL = Set.of("SUCCESS", "FAILED", "CANCELED");
  private static final Map<Notice.Outcome, String> ENDS =
      Map.of(
          Notice.Outcome.SUCCEEDED, "SUCCESS",
          Notice.Outcome.FAILED, "FAILED",
          Notice.Outcome.CANCELED, "CANCELED");

  private final World world;
  private final Map<String, Map<String, String>> earlier = new TreeMap<>();
  private final Map<String, Map<Shards.Name, Map<String, String>>> engines = new TreeMap<>();
  private final Map<String, Set<String>> userSnapshots = new TreeMap<>();

  /** Notes what there is, to find out later what was lost. */
  public Auditor(World world) {
    this.world = world;
    for (Row row : rows("c:")) {
      if (row.sort().startsWith("backup:") && text(body(row), "state").equals("SEALED")) {
        earlier.put(row.partition() + " " + row.sort(), contentOf(body(row)));
      }
    }
    world.clusters.forEach(
        (name, cluster) -> {
          engines.put(name, engine(cluster));
          userSnapshots.put(name, Set.copyOf(cluster.userSnapshots()));
        });
  }

  /** What is wrong; empty where all is well. */
  public List<String> findings() {
    List<String> wrong = new ArrayList<>();
    nothingIsLeft(wrong);
    runsHaveEnded(wrong);
    everyEndWasTold(wrong);
    backupsAreWhatTheySay(wrong);
    nothingEarlierIsLost(wrong);
    enginesAreFree(wrong);
    return wrong;
  }

  private void nothingIsLeft(List<String> wrong) {
    for (Row row : world.rows()) {
      boolean ofCluster =
          row.partition().startsWith("c:")
              && (row.sort().equals("identity")
                  || row.sort().startsWith("run:")
                  || row.sort().startsWith("verify:")
                  || row.sort().startsWith("backup:"));
      boolean kept = row.partition().equals("n") || ofCluster;
      if (!kept) {
        wrong.add("left in the table: " + row.partition() + " " + row.sort());
      }
    }
  }

  private void runsHaveEnded(List<String> wrong) {
    for (Row row : rows("c:")) {
      if (row.sort().startsWith("run:")) {
        JsonNode run = body(row);
        if (!TERMINAL.contains(text(run, "status")) || !run.path("closed").asBoolean()) {
          wrong.add(
              "run %s is %s, closed: %s (%s)"
                  .formatted(
                      row.sort(), text(run, "status"), run.path("closed"), text(run, "error")));
        }
      }
    }
  }

  /** Whatever became of a run was said, and nothing else was. */
  private void everyEndWasTold(List<String> wrong) {
    Map<String, Notice> told = new HashMap<>();
    for (Notice notice : world.notices.published()) {
      Notice before = told.put(notice.id(), notice);
      if (before != null && !before.equals(notice)) {
        wrong.add("two notices of one id: " + before + " and " + notice);
      }
    }
    for (Row row : rows("c:")) {
      if (row.sort().startsWith("run:")) {
        JsonNode run = body(row);
        int resumes = run.path("resumes").asInt();
        for (int end = 0; end <= resumes; end++) {
          String id = text(run, "cluster") + "." + text(run, "writer") + "." + end;
          Notice notice = told.remove(id);
          String status = end == resumes ? text(run, "status") : "FAILED";
          if (notice == null || !ENDS.get(notice.outcome()).equals(status)) {
            wrong.add("run %s is %s, but was told as %s".formatted(id, status, notice));
          }
        }
      }
    }
    told.values().forEach(notice -> wrong.add("was told of what is no run's end: " + notice));
  }

  private void backupsAreWhatTheySay(List<String> wrong) {
    Map<String, JsonNode> runs = new HashMap<>();
    for (Row row : rows("c:")) {
      if (row.sort().startsWith("run:")) {
        runs.put(row.sort().substring(4), body(row));
      }
    }
    for (Row row : rows("c:")) {
      if (row.sort().startsWith("backup:")) {
        JsonNode backup = body(row);
        if (!backup.path("pins").isEmpty()) {
          wrong.add(row.sort() + " is pinned by " + backup.path("pins"));
        }
        agrees(
            row, backup, requireNonNull(runs.get(text(backup.path("summary"), "writer"))), wrong);
      }
    }
  }

  private void agrees(Row row, JsonNode backup, JsonNode run, List<String> wrong) {
    String clusterId = text(backup.path("summary"), "clusterId");
    String id = text(backup.path("summary"), "backupId");
    boolean manifest = has("backups/" + clusterId + "/" + id + ".json");
    boolean tombstone = has("deleted/" + clusterId + "/" + id + ".json");
    String state = text(backup, "state");
    String status = text(run, "status");
    boolean listed = manifest && !tombstone;
    if (listed != status.equals("SUCCESS") || listed != state.equals("SEALED")) {
      wrong.add(
          "%s: run %s, row %s, manifest %s, tombstone %s"
              .formatted(row.sort(), status, state, manifest, tombstone));
    }
    if (run.path("voided").asBoolean() && !tombstone) {
      wrong.add(row.sort() + " was voided without a tombstone");
    }
    if (listed) {
      contentIsOfOneMoment(row, backup, text(run, "cluster"), wrong);
    }
  }

  private void contentIsOfOneMoment(Row row, JsonNode backup, String cluster, List<String> wrong) {
    Map<Shards.Name, Map<String, String>> content;
    var vault = new VaultContents(world.store);
    try {
      content =
          vault.read(
              text(backup.path("summary"), "clusterId"), text(backup.path("summary"), "backupId"));
    } catch (RuntimeException e) {
      wrong.add(row.sort() + " cannot be read: " + e);
      return;
    }
    if (backup.path("summary").path("units").asLong() != vault.units()) {
      wrong.add(
          "%s has %d units, not %s"
              .formatted(row.sort(), vault.units(), backup.path("summary").path("units")));
    }
    Shards shards = world.shards.get(cluster);
    if (shards == null) {
      return; // files of an engine outside say nothing until they are restored
    }
    content.forEach(
        (name, files) -> {
          if (!shards.wasEver(name, files)) {
            wrong.add("%s: %s was never %s".formatted(row.sort(), name, files));
          }
        });
    if (text(backup.path("summary"), "backupId").startsWith("all")
        && !content.keySet().containsAll(shards.names())) {
      wrong.add("%s lacks some of %s".formatted(row.sort(), shards.names()));
    }
  }

  private void nothingEarlierIsLost(List<String> wrong) {
    for (Row row : rows("c:")) {
      Map<String, String> before = earlier.get(row.partition() + " " + row.sort());
      if (before != null && !before.equals(contentOf(body(row)))) {
        wrong.add(row.sort() + " is not what it was");
      }
    }
  }

  private void enginesAreFree(List<String> wrong) {
    world.clusters.forEach(
        (name, cluster) -> {
          if (!cluster.holdings().nothing()) {
            wrong.add("held on " + name + ": " + cluster.holdings());
          }
          if (!userSnapshots.getOrDefault(name, Set.of()).equals(cluster.userSnapshots())) {
            wrong.add("the user's snapshots of " + name + " are " + cluster.userSnapshots());
          }
        });
  }

  /** What a restore may have made of its target: all that was asked for, or nothing at all. */
  public List<String> findingsOfRestore(
      String status, String target, Map<Shards.Name, Map<String, String>> wanted) {
    List<String> wrong = new ArrayList<>();
    Map<Shards.Name, Map<String, String>> expected = new TreeMap<>();
    expected.putAll(requireNonNull(engines.get(target)));
    if (status.equals("SUCCESS")) {
      expected.putAll(wanted);
    }
    Map<Shards.Name, Map<String, String>> now = engine(requireNonNull(world.clusters.get(target)));
    var names = new TreeSet<>(expected.keySet());
    names.addAll(now.keySet());
    for (Shards.Name name : names) {
      if (!java.util.Objects.equals(expected.get(name), now.get(name))) {
        wrong.add(
            "after %s, %s of %s is %s, not %s"
                .formatted(status, name, target, now.get(name), expected.get(name)));
      }
    }
    return wrong;
  }

  static Map<Shards.Name, Map<String, String>> engine(InMemoryCluster cluster) {
    Map<Shards.Name, Map<String, String>> all = new TreeMap<>();
    for (String canonical : cluster.shardNames()) {
      int slash = canonical.indexOf('/');
      var name =
          slash < 0
              ? new Shards.Name(canonical, "")
              : new Shards.Name(canonical.substring(0, slash), canonical.substring(slash + 1));
      all.put(name, Shards.now(cluster, name));
    }
    return all;
  }

  private Map<String, String> contentOf(JsonNode backup) {
    Map<String, String> all = new TreeMap<>();
    new VaultContents(world.store)
        .read(text(backup.path("summary"), "clusterId"), text(backup.path("summary"), "backupId"))
        .forEach((name, files) -> all.put(name.toString(), files.toString()));
    return all;
  }

  private boolean has(String key) {
    return world.store.head(key).isPresent();
  }

  private List<Row> rows(String partitions) {
    return world.rows().stream().filter(r -> r.partition().startsWith(partitions)).toList();
  }

  static JsonNode body(Row row) {
    try {
      return JSON.readTree(row.body());
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(row.toString(), e);
    }
  }

  static String text(JsonNode node, String field) {
    return node.path(field).asText();
  }
}
