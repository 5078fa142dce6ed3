package dev.tidemark.node.cluster;

import dev.tidemark.node.failure.Kind;
import dev.tidemark.node.failure.NodeFailure;
import dev.tidemark.node.files.JsonFile;
import dev.tidemark.node.schema.Schema;
import dev.tidemark.node.schema.Schema.Assignments;
import dev.tidemark.node.storage.Shards;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The newest schema that this node knows, kept in a file. A new one is first on the disk, then the
 * shards that it brings are known, then it is what calls see, then the shards that it drops go.
 */
public final class SchemaStore {
  private final JsonFile<Schema> file;
  private final Shards shards;
  private final String node;
  private volatile @Nullable View view;

  private record View(Schema schema, Assignments assignments) {}

  public SchemaStore(JsonFile<Schema> file, Shards shards, String node) throws IOException {
    this.file = file;
    this.shards = shards;
    this.node = node;
    file.read().ifPresent(this::apply);
  }

  public Optional<Schema> known() {
    return Optional.ofNullable(view).map(View::schema);
  }

  /**
   * @throws NodeFailure where the node has not met the schema node yet
   */
  public Schema current() {
    return view().schema();
  }

  /** What this node has to keep by the current schema. */
  public Assignments assignments() {
    return view().assignments();
  }

  private View view() {
    View now = view;
    if (now == null) {
      throw NodeFailure.of(Kind.NOT_READY, "the schema is not known yet")
          .hint("start the schema node");
    }
    return now;
  }

  /** Takes over a newer schema; an older one changes nothing. */
  public synchronized void adopt(Schema next) {
    View now = view;
    if (now != null && !now.schema().clusterId().equals(next.clusterId())) {
      throw NodeFailure.of(Kind.CONFLICT, "schema of another cluster for node " + node)
          .expected("cluster id " + now.schema().clusterId())
          .found(next.clusterId())
          .hint("empty this node's data folder to let it join the other cluster");
    }
    if (now != null && next.version() <= now.schema().version()) {
      return;
    }
    try {
      file.write(next);
    } catch (IOException e) {
      throw NodeFailure.of(Kind.INTERNAL, "write the schema").found(e.toString()).cause(e);
    }
    apply(next);
  }

  private void apply(Schema next) {
    Assignments assignments = next.assignments(node);
    shards.admit(assignments);
    view = new View(next, assignments);
    shards.retire(assignments);
  }
}
