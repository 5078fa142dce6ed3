package dev.tidemark.node.cluster;

import dev.tidemark.node.failure.Kind;
import dev.tidemark.node.failure.NodeFailure;
import dev.tidemark.node.schema.Schema;
import dev.tidemark.node.schema.TokenUse;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The only writer of the schema, on the schema node. Changes are made one after another; each is on
 * the disk here and was sent to all nodes that can be reached before its call returns.
 */
final class SchemaWriter {
  private static final Logger LOG = LoggerFactory.getLogger(SchemaWriter.class);
  private static final Duration TOKENS_KEPT = Duration.ofDays(7);

  private final Members members;
  private final Peers peers;
  private final SchemaStore store;
  private final InstantSource clock;

  SchemaWriter(Members members, Peers peers, SchemaStore store, InstantSource clock) {
    this.members = members;
    this.peers = peers;
    this.store = store;
    this.clock = clock;
  }

  Schema current() {
    return store.current();
  }

  Instant now() {
    return clock.instant();
  }

  /** Does something that several changes and calls of other nodes belong to. */
  synchronized <T> T exclusively(Supplier<T> work) {
    return work.get();
  }

  /** Must be called from within {@link #exclusively}. */
  void commit(Consumer<Schema> edit) {
    Instant forgotten = now().minus(TOKENS_KEPT);
    store.adopt(
        store
            .current()
            .edit(
                next -> {
                  edit.accept(next);
                  next.tokens().values().removeIf(use -> use.usedAt().isBefore(forgotten));
                }));
    members.others().parallelStream().forEach(this::tryTell);
  }

  private void tryTell(String node) {
    try {
      tell(node);
    } catch (NodeFailure e) {
      LOG.warn("node {} has not got schema {}: {}", node, current().version(), e.getMessage());
    }
  }

  /**
   * Makes sure that a node knows the current schema.
   *
   * @throws NodeFailure where it does not answer
   */
  void tell(String node) {
    peers.send(node, "PUT", "/v1/schema", current());
  }

  /**
   * Whether this token was used for this request already.
   *
   * @throws NodeFailure where it was used for another one
   */
  boolean repeated(String token, String digest) {
    TokenUse use = current().tokens().get(token);
    if (use != null && !use.digest().equals(digest)) {
      throw NodeFailure.of(Kind.CONFLICT, "token " + token)
          .expected("the request for which the token was used, of collection " + use.collection())
          .found("another request")
          .hint("use a new token for each request");
    }
    return use != null;
  }
}
