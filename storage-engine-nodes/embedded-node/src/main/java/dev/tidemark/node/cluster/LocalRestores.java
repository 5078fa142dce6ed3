package dev.tidemark.node.cluster;

import dev.tidemark.node.cluster.RestoredShardView.File;
import dev.tidemark.node.failure.Kind;
import dev.tidemark.node.failure.NodeFailure;
import dev.tidemark.node.schema.Placement;
import dev.tidemark.node.schema.Restore;
import dev.tidemark.node.schema.Restore.State;
import dev.tidemark.node.schema.RestoredCollection;
import dev.tidemark.node.storage.CommittedFiles;
import dev.tidemark.node.storage.FileDigest;
import dev.tidemark.node.storage.Piece;
import dev.tidemark.node.storage.RestoredShard;
import dev.tidemark.node.storage.Shards;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The shards of restores on this node. What a restore brings here is told by the schema. */
public final class LocalRestores {
  private final Members members;
  private final SchemaStore store;
  private final SchemaFollower follower;
  private final Shards shards;

  public LocalRestores(Members members, SchemaStore store, SchemaFollower follower, Shards shards) {
    this.members = members;
    this.store = store;
    this.follower = follower;
    this.shards = shards;
  }

  /**
   * Which shard of which restore.
   *
   * @param place where it is meant to be; null for wherever it is
   */
  public record Target(String token, String collection, String shard, @Nullable String place) {
    public Target(String token, String collection, String shard) {
      this(token, collection, shard, null);
    }

    @Override
    public String toString() {
      return "restore " + token + " of shard " + collection + "/" + shard;
    }
  }

  private record Found(Restore restore, Placement placement) {}

  /**
   * A shard that is begun.
   *
   * @param created whether by this call
   */
  public record Beginning(RestoredShardView view, boolean created) {}

  public Beginning begin(Target target) {
    Found found = require(target);
    boolean created =
        found.restore().state() == State.BEGUN && shards.begin(found.placement().generation());
    return new Beginning(view(target, found), created);
  }

  /** Which node has the shard; if it is this one, also what is here of it. */
  public RestoredShardView look(Target target) {
    return view(target, known(target));
  }

  private Found known(Target target) {
    Optional<Found> found = find(target);
    if (found.isEmpty()) {
      follower.tryRefresh();
      found = find(target);
    }
    return found.orElseThrow(
        () ->
            NodeFailure.of(Kind.NOT_FOUND, target.toString())
                .hint("begin its collection on the schema node, " + members.schemaNode()));
  }

  private Found require(Target target) {
    Found known = known(target);
    String node = known.placement().node();
    if (!node.equals(members.self())) {
      throw NodeFailure.of(Kind.CONFLICT, target.toString())
          .expected("node " + node)
          .found("node " + members.self())
          .hint("send it to " + members.url(node));
    }
    return known;
  }

  private Optional<Found> find(Target target) {
    Restore restore = store.current().restores().get(target.token());
    return restore == null
        ? Optional.empty()
        : restore
            .collection(target.collection())
            .flatMap(collection -> collection.collection().shard(target.shard()))
            .map(placement -> new Found(restore, placement));
  }

  private RestoredShard requireUnpublished(Target target) {
    Found found = require(target);
    if (found.restore().state() == State.PUBLISHED) {
      throw NodeFailure.of(Kind.CONFLICT, target.toString())
          .expected("one that is not published")
          .found("PUBLISHED");
    }
    return shards.restored(found.placement().generation());
  }

  private RestoredShardView view(Target target, Found found) {
    String generation = found.placement().generation();
    State state = found.restore().state();
    if (!found.placement().node().equals(members.self())) {
      return new RestoredShardView(
          target.token(),
          target.collection(),
          target.shard(),
          found.placement().node(),
          generation,
          null,
          state,
          null,
          List.of());
    }
    Optional<CommittedFiles> committed = shards.committed(generation);
    if (state == State.BEGUN && committed.isPresent()) {
      state = State.COMMITTED;
    }
    return new RestoredShardView(
        target.token(),
        target.collection(),
        target.shard(),
        found.placement().node(),
        generation,
        shards.place(generation).orElse(null),
        state,
        committed.map(CommittedFiles::objects).orElse(null),
        committed.map(LocalRestores::files).orElseGet(() -> synced(found)));
  }

  private static List<File> files(CommittedFiles committed) {
    return committed.files().stream().map(file -> new File(file.name(), file.size())).toList();
  }

  private List<File> synced(Found found) {
    if (found.restore().state() == State.PUBLISHED) {
      return List.of();
    }
    try {
      return shards.restored(found.placement().generation()).synced().entrySet().stream()
          .map(file -> new File(file.getKey(), file.getValue()))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public File write(Target target, String file, Piece piece) {
    return new File(file, requireUnpublished(target).write(target.place(), file, piece));
  }

  public RestoredShardView sync(Target target) {
    requireUnpublished(target).sync(target.place());
    return view(target, require(target));
  }

  public RestoredShardView commit(Target target, List<FileDigest> files) {
    Found found = require(target);
    if (found.restore().state() == State.BEGUN) {
      shards.restored(found.placement().generation()).commit(target.place(), files);
    }
    return view(target, found);
  }

  /** Removes what was written; what is not there, or not known any more, is no failure. */
  public void abort(Target target) {
    if (find(target).isEmpty()) {
      follower.tryRefresh();
    }
    if (find(target).isPresent()) {
      requireUnpublished(target);
      shards.abort(require(target).placement().generation());
    }
  }

  /** The begun shards of a restore on this node. */
  public RestoredShardList list(String token) {
    if (!store.current().restores().containsKey(token)) {
      follower.tryRefresh();
    }
    Restore restore = store.current().restores().get(token);
    if (restore == null) {
      throw NodeFailure.of(Kind.NOT_FOUND, "restore " + token);
    }
    var views = new ArrayList<RestoredShardView>();
    for (RestoredCollection restored : restore.collections()) {
      for (Placement placement : restored.collection().shards()) {
        if (placement.node().equals(members.self()) && begun(placement)) {
          var target = new Target(token, restored.collection().name(), placement.name());
          views.add(view(target, new Found(restore, placement)));
        }
      }
    }
    return new RestoredShardList(views);
  }

  private boolean begun(Placement placement) {
    return shards.present(placement.generation());
  }
}
