package dev.tidemark.engine.embedded;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.tidemark.core.engine.BinReader;
import dev.tidemark.core.engine.ClusterDescription;
import dev.tidemark.core.engine.RunToken;
import dev.tidemark.core.engine.Shard;
import dev.tidemark.core.engine.ShardsDropped;
import dev.tidemark.core.engine.SnapshotGone;
import dev.tidemark.core.engine.Source;
import dev.tidemark.core.engine.UnitReader;
import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.failure.PermanentFailure.Kind;
import dev.tidemark.core.failure.TransientFailure;
import dev.tidemark.core.tree.EntryPath;
import dev.tidemark.core.vault.TreeDigest;
import dev.tidemark.engine.embedded.EmbeddedConfig.MissingNode;
import dev.tidemark.engine.http.Endpoint;
import dev.tidemark.engine.http.Reply;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A snapshot's name on its node is the run's; the node keeps one of that name for each shard, and
 * each shard of a unit is one call to begin, one to open and one to release. The flow's name for a
 * unit's snapshot tells also when those of its shards were made: after its time a later one may
 * have that name.
 */
record EmbeddedSource(EmbeddedConfig config, Nodes nodes) implements Source {
  private static final char MADE_AT = '@';

  /** Beginning so many takes seconds, which is far from what a call of this port may take. */
  private static final int SHARDS_PER_UNIT = 256;

  @Override
  public int shardsPerUnit() {
    return SHARDS_PER_UNIT;
  }

  @Override
  public void check(List<String> collections) {
    ClusterDescription now = new EmbeddedCatalog(config, nodes).describe();
    if (config.onMissingNode() == MissingNode.FAIL && !now.notIncluded().isEmpty()) {
      throw PermanentFailure.of(Kind.FAILED, "cluster " + config.name())
          .expected("every shard on its node (onMissingNode: fail)")
          .found(now.notIncluded().toString())
          .hint("restore what is lost, or allow a partial backup by onMissingNode: partial");
    }
  }

  @Override
  public Progress prepare(RunToken token, List<String> collections) {
    return Progress.ready("");
  }

  @Override
  public Progress snapshot(RunToken token, String unit, List<Shard> shards) {
    JsonNode life =
        JsonNodeFactory.instance.objectNode().put("ttlSeconds", config.snapshotTtl().toSeconds());
    var placement = new Placement();
    List<String> times = new ArrayList<>();
    List<Shard> dropped = new ArrayList<>();
    for (Shard shard : shards) {
      begin(shard, path(shard, token.name()), life, placement)
          .ifPresentOrElse(
              made -> times.add(made.json().path("createdAt").asText()), () -> dropped.add(shard));
    }
    if (!dropped.isEmpty()) {
      throw new ShardsDropped(dropped);
    }
    return Progress.ready(token.name() + MADE_AT + madeAt(times));
  }

  /** Nothing where the shard was dropped. */
  private Optional<Reply> begin(Shard shard, String path, JsonNode life, Placement placement) {
    Reply made = node(shard).put(path, life);
    if (made.status() != 404) {
      return Optional.of(made);
    }
    // It was moved since the backup was planned; or dropped, and that maybe after the last look.
    Optional<Reply> known = placement.of(shard).map(node -> node.put(path, life));
    return known.filter(reply -> reply.status() == 404).isEmpty()
        ? known
        : placement.anew().of(shard).map(node -> node.put(path, life));
  }

  /**
   * Another text where any shard's snapshot was made anew, whatever the order of the shards, and
   * one that is short for many.
   */
  private static String madeAt(List<String> times) {
    if (times.size() == 1) {
      return times.get(0);
    }
    String all = times.stream().sorted().collect(Collectors.joining(" "));
    return TreeDigest.sha256Hex(all.getBytes(StandardCharsets.UTF_8));
  }

  private static String nodeName(String snapshot) {
    int end = snapshot.indexOf(MADE_AT);
    return end < 0 ? snapshot : snapshot.substring(0, end);
  }

  /** Whether the nodes' snapshots are those that were taken, and no later ones of their name. */
  private static boolean isThat(String snapshot, List<String> times) {
    int end = snapshot.indexOf(MADE_AT);
    return end < 0 || snapshot.substring(end + 1).equals(madeAt(times));
  }

  private Endpoint node(Shard shard) {
    return nodes.node(shard.node());
  }

  /** Where shards are now, by as few looks at the schema as can be. */
  private final class Placement {
    private @Nullable JsonNode schema;

    Placement anew() {
      schema = null;
      return this;
    }

    /** Nothing where it was dropped. */
    Optional<Endpoint> of(Shard shard) {
      JsonNode known = schema == null ? nodes.schema() : schema;
      schema = known;
      return Nodes.placeIn(known, shard.collection(), shard.shard()).map(nodes::node);
    }
  }

  @Override
  public UnitReader open(RunToken token, String unit, List<Shard> shards, String snapshot) {
    var placement = new Placement();
    List<Found> found = shards.stream().map(shard -> find(shard, snapshot, placement)).toList();
    if (!isThat(snapshot, found.stream().map(Found::createdAt).toList())) {
      throw new SnapshotGone("what the nodes keep of unit %s is not %s".formatted(unit, snapshot));
    }
    if (shards.size() == 1) {
      return found.get(0).reader();
    }
    Map<EntryPath, UnitReader> readers = new TreeMap<>();
    for (int i = 0; i < shards.size(); i++) {
      readers.put(shards.get(i).folder().orElseThrow(), found.get(i).reader());
    }
    return new BinReader(readers);
  }

  /** A shard's snapshot on its node. */
  private record Found(Endpoint node, String path, JsonNode listed) {
    String createdAt() {
      return listed.path("createdAt").asText();
    }

    UnitReader reader() {
      return new SnapshotReader(node, path, listed.path("files"));
    }
  }

  private Found find(Shard shard, String snapshot, Placement placement) {
    String path = path(shard, nodeName(snapshot));
    Endpoint node = node(shard);
    Reply reply = node.get(path);
    if (reply.status() == 404) {
      node = placement.of(shard).orElse(node);
      reply = node.get(path);
    }
    if (reply.status() == 404 || reply.status() == 410) {
      throw new SnapshotGone(reply.refused().toString());
    }
    return new Found(node, path, reply.json());
  }

  @Override
  public void release(RunToken token, String unit, List<Shard> shards, String snapshot) {
    for (Shard shard : shards) {
      Reply gone = node(shard).delete(path(shard, nodeName(snapshot)));
      if (gone.status() != 404) {
        gone.required();
      }
    }
  }

  @Override
  public void releaseAll(RunToken token) {
    List<String> failures = new ArrayList<>();
    for (Endpoint node : nodes.every()) {
      try {
        releaseAll(token, node);
      } catch (TransientFailure e) {
        failures.add(String.valueOf(e.getMessage()));
      }
    }
    if (!failures.isEmpty()) {
      throw new TransientFailure(
          "snapshots " + token.name() + " may be held: " + String.join("; ", failures));
    }
  }

  private static void releaseAll(RunToken token, Endpoint node) {
    JsonNode held = node.get("/v1/snapshots?prefix=" + token.name()).json();
    for (JsonNode each : held.path("snapshots")) {
      if (each.path("name").asText().equals(token.name())) {
        Shard shard =
            new Shard(each.path("collection").asText(), each.path("shard").asText(), "", 0);
        Reply gone = node.delete(path(shard, token.name()));
        if (gone.status() != 404) {
          gone.required();
        }
      }
    }
  }

  /** Of a snapshot's time nothing is added by reading it. */
  @Override
  public Optional<Duration> heldAtMost() {
    return Optional.of(config.snapshotTtl());
  }

  @Override
  public boolean keepsForResume() {
    return true;
  }

  private static String path(Shard shard, String snapshot) {
    return Endpoint.path("v1", "shards", shard.collection(), shard.shard(), "snapshots", snapshot);
  }
}
