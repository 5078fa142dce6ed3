package dev.tidemark.node.cluster;

import dev.tidemark.node.failure.Kind;
import dev.tidemark.node.failure.NodeFailure;
import dev.tidemark.node.schema.Placement;
import dev.tidemark.node.storage.ImportOutcome;
import dev.tidemark.node.storage.ImportOutcome.Refused;
import dev.tidemark.node.storage.StoredObject;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A batch by shards, and what became of each part. */
final class BatchSplit {
  private final List<StoredObject> objects;
  private final Map<Placement, List<Integer>> indexes = new LinkedHashMap<>();
  private final List<Refused> refused = new ArrayList<>();
  private final List<NodeFailure> failures = new ArrayList<>();
  private int stored;

  BatchSplit(Routing routing, List<StoredObject> objects) {
    this.objects = objects;
    for (int i = 0; i < objects.size(); i++) {
      indexes
          .computeIfAbsent(routing.shard(objects.get(i).id()), shard -> new ArrayList<>())
          .add(i);
    }
  }

  List<Placement> placements() {
    return List.copyOf(indexes.keySet());
  }

  List<StoredObject> of(Placement shard) {
    return at(shard).stream().map(objects::get).toList();
  }

  private List<Integer> at(Placement shard) {
    return indexes.getOrDefault(shard, List.of());
  }

  void done(Placement shard, ImportOutcome outcome) {
    stored += outcome.stored();
    List<Integer> at = at(shard);
    outcome
        .errors()
        .forEach(
            error -> refused.add(new Refused(at.get(error.index()), error.id(), error.problem())));
  }

  /** A stale generation fails the whole batch, which is then routed anew. */
  void failed(Placement shard, NodeFailure failure) {
    if (failure.kind() == Kind.GENERATION_UNKNOWN) {
      throw failure;
    }
    failures.add(failure);
    at(shard)
        .forEach(
            index ->
                refused.add(
                    new Refused(
                        index, String.valueOf(objects.get(index).id()), failure.problem())));
  }

  /**
   * @throws NodeFailure where all failed for one kind of reason
   */
  ImportOutcome outcome() {
    boolean allFailed = failures.size() == indexes.size();
    if (allFailed && failures.stream().map(NodeFailure::kind).distinct().count() == 1) {
      throw failures.get(0);
    }
    refused.sort(Comparator.comparingInt(Refused::index));
    return new ImportOutcome(stored, refused);
  }
}
