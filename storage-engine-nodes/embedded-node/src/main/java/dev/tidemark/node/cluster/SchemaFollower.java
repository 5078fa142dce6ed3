package dev.tidemark.node.cluster;

import dev.tidemark.node.failure.NodeFailure;
import dev.tidemark.node.files.Json;
import dev.tidemark.node.schema.Schema;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps this node's copy of the schema new; on the schema node itself there is nothing to do. */
public final class SchemaFollower {
  private static final Logger LOG = LoggerFactory.getLogger(SchemaFollower.class);
  private static final int NO_CONTENT = 204;

  private final Members members;
  private final Peers peers;
  private final SchemaStore store;

  /** The last failure that was logged: it is met each second. */
  private final AtomicReference<String> told = new AtomicReference<>("");

  public SchemaFollower(Members members, Peers peers, SchemaStore store) {
    this.members = members;
    this.peers = peers;
    this.store = store;
  }

  /**
   * Asks the schema node for a newer schema.
   *
   * @throws NodeFailure where it does not answer
   */
  public void refresh() {
    if (members.keepsSchema()) {
      return;
    }
    String known = store.known().map(Schema::stamp).orElse("");
    var answer = peers.send(members.schemaNode(), "GET", "/v1/schema/full?known=" + known, null);
    if (answer.status() == NO_CONTENT) {
      return;
    }
    try {
      store.adopt(Json.mapper().readValue(answer.body(), Schema.class));
    } catch (IOException e) {
      throw new IllegalStateException("the schema node sent no schema", e);
    }
  }

  /** As {@link #refresh}, but what is known is enough where the schema node does not answer. */
  public void tryRefresh() {
    try {
      refresh();
      told.set("");
    } catch (NodeFailure e) {
      String now = String.valueOf(e.getMessage());
      if (!now.equals(told.getAndSet(now))) {
        LOG.warn("the schema could not be refreshed: {}", now);
      }
    }
  }
}
