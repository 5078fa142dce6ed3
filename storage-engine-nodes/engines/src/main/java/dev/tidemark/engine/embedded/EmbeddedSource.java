package dev.tidemark.engine.embedded;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.tidemark.core.engine.ClusterDescription;
import dev.tidemark.core.engine.RunToken;
import dev.tidemark.core.engine.Shard;
import dev.tidemark.core.engine.SnapshotGone;
import dev.tidemark.core.engine.Source;
import dev.tidemark.core.engine.UnitReader;
import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.failure.PermanentFailure.Kind;
import dev.tidemark.core.failure.TransientFailure;
import dev.tidemark.engine.embedded.EmbeddedConfig.MissingNode;
import dev.tidemark.engine.http.Endpoint;
import dev.tidemark.engine.http.Reply;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A snapshot's name on its node is the run's; the node keeps one of that name for each shard. The
 * flow's name for it tells also when it was made: after its time a later one may have that name.
 */
record EmbeddedSource(EmbeddedConfig config, Nodes nodes) implements Source {
  private static final char MADE_AT = '@';

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
    Shard shard = only(shards);
    JsonNode life =
        JsonNodeFactory.instance.objectNode().put("ttlSeconds", config.snapshotTtl().toSeconds());
    Reply made = node(shard).put(path(shard, token.name()), life);
    if (made.status() == 404) {
      // It was moved since the backup was planned; or dropped.
      made = placed(shard).put(path(shard, token.name()), life);
    }
    return Progress.ready(token.name() + MADE_AT + made.json().path("createdAt").asText());
  }

  private static String nodeName(String snapshot) {
    int end = snapshot.indexOf(MADE_AT);
    return end < 0 ? snapshot : snapshot.substring(0, end);
  }

  /** Whether a node's snapshot is the one that was taken, and no later one of its name. */
  private static boolean isThat(String snapshot, JsonNode listed) {
    int end = snapshot.indexOf(MADE_AT);
    return end < 0 || snapshot.substring(end + 1).equals(listed.path("createdAt").asText());
  }

  private Endpoint node(Shard shard) {
    return nodes.node(shard.node());
  }

  private Endpoint placed(Shard shard) {
    return nodes
        .placeOf(shard.collection(), shard.shard())
        .map(nodes::node)
        .orElseThrow(
            () ->
                PermanentFailure.of(Kind.NOT_FOUND, "shard " + shard.canonicalName())
                    .expected("a shard to take a snapshot of")
                    .found("none: it was dropped since the backup was planned")
                    .hint("run the backup again"));
  }

  @Override
  public UnitReader open(RunToken token, String unit, List<Shard> shards, String snapshot) {
    Shard shard = only(shards);
    String path = path(shard, nodeName(snapshot));
    Endpoint node = node(shard);
    Reply found = node.get(path);
    if (found.status() == 404) {
      node = placed(shard);
      found = node.get(path);
    }
    if (found.status() == 404 || found.status() == 410) {
      throw new SnapshotGone(found.refused().toString());
    }
    JsonNode listed = found.json();
    if (!isThat(snapshot, listed)) {
      throw new SnapshotGone("%s is not %s".formatted(found.request(), snapshot));
    }
    return new SnapshotReader(node, path, listed.path("files"));
  }

  @Override
  public void release(RunToken token, String unit, List<Shard> shards, String snapshot) {
    Shard shard = only(shards);
    Reply gone = node(shard).delete(path(shard, nodeName(snapshot)));
    if (gone.status() != 404) {
      gone.required();
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

  private static Shard only(List<Shard> shards) {
    if (shards.size() != 1) {
      throw new IllegalArgumentException("a unit of this engine is one shard: " + shards);
    }
    return shards.get(0);
  }

  private static String path(Shard shard, String snapshot) {
    return Endpoint.path("v1", "shards", shard.collection(), shard.shard(), "snapshots", snapshot);
  }
}
