package dev.tidemark.local.sqlite;

import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.failure.PermanentFailure.Kind;
import dev.tidemark.core.queue.Delivery;
import dev.tidemark.core.queue.WorkQueue;
import dev.tidemark.events.NewerItem;
import dev.tidemark.events.WorkItem;
import dev.tidemark.events.WorkItem.Queue;
import dev.tidemark.events.WorkItemCodec;
import dev.tidemark.local.Processes;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Both queues in a state file, with the receiving side for the host. A delivery belongs to the
 * process that received it until that process acknowledges it, releases it, or ends; there is no
 * time after which it is taken away. Items come in the order in which they became visible.
 */
public final class SqliteWorkQueue implements WorkQueue {
  private static final Duration LONGEST_DELAY = Duration.ofDays(365);
  private static final Duration NEWER_ITEM_PAUSE = Duration.ofMinutes(1);

  private final StateFile file;
  private final Processes processes;
  private final InstantSource clock;

  /**
   * @param processes this process, which becomes the owner of what is received here
   */
  public SqliteWorkQueue(StateFile file, Processes processes, InstantSource clock) {
    this.file = file;
    this.processes = processes;
    this.clock = clock;
  }

  @Override
  public Duration longestDelay() {
    return LONGEST_DELAY;
  }

  @Override
  public void send(WorkItem item, Duration delay) {
    String body = WorkItemCodec.encode(item);
    long visible = visibleAfter(delay);
    file.write(
        session ->
            session.update(
                "INSERT INTO messages (queue, run, body, visible_at) VALUES (?, ?, ?, ?)",
                word(item.kind().queue()),
                item.run(),
                body,
                visible));
  }

  /**
   * Takes the item that has been visible for longest, if there is one. What dead processes held is
   * free at once. An item of a newer release stays for one, and is looked at again after a minute.
   *
   * @param run only items of this run; null for all
   * @throws PermanentFailure DAMAGED where the item is not one: it is put aside, and the next call
   *     goes on without it
   */
  public Optional<Delivery> receive(Queue queue, @Nullable String run) {
    freeWhatTheDeadHeld();
    while (isAnyVisible(queue, run)) {
      Optional<Delivery> delivery = file.write(session -> claim(session, queue, run)).get();
      if (delivery.isPresent()) {
        return delivery;
      }
    }
    return Optional.empty();
  }

  /** The item is done with. Nothing happens where it is no longer this process's. */
  public void acknowledge(Delivery delivery) {
    file.write(
        session ->
            session.update(
                "DELETE FROM messages WHERE id = ? AND owner = ?", id(delivery), processes.id()));
  }

  /** Gives an item back, to be delivered again after the delay. */
  public void release(Delivery delivery, Duration delay) {
    long visible = visibleAfter(delay);
    file.write(
        session ->
            session.update(
                "UPDATE messages SET owner = NULL, visible_at = ? WHERE id = ? AND owner = ?",
                visible,
                id(delivery),
                processes.id()));
  }

  /**
   * When the next item that nobody holds is visible, perhaps in the past; empty without one.
   *
   * @param run only items of this run; null for all
   */
  public Optional<Instant> nextVisible(Queue queue, @Nullable String run) {
    return file.read(
        session -> {
          try (ResultSet found = next(session, queue, run, Long.MAX_VALUE)) {
            return found.next()
                ? Optional.of(Instant.ofEpochMilli(found.getLong("visible_at")))
                : Optional.empty();
          }
        });
  }

  /** How many items wait or are held. */
  public long size(Queue queue) {
    return file.read(
        session -> session.number("SELECT count(*) FROM messages WHERE queue = ?", word(queue)));
  }

  private boolean isAnyVisible(Queue queue, @Nullable String run) {
    return file.read(
        session -> {
          try (ResultSet found = next(session, queue, run, clock.millis())) {
            return found.next();
          }
        });
  }

  /** The outcome to hand out once the claim is committed. */
  private Supplier<Optional<Delivery>> claim(Session session, Queue queue, @Nullable String run)
      throws SQLException {
    long id;
    String body;
    try (ResultSet found = next(session, queue, run, clock.millis())) {
      if (!found.next()) {
        return Optional::empty;
      }
      id = found.getLong("id");
      body = found.getString("body");
    }
    try {
      WorkItem item = WorkItemCodec.decode(body);
      session.update("UPDATE messages SET owner = ? WHERE id = ?", processes.id(), id);
      return () -> Optional.of(new Delivery(item, String.valueOf(id)));
    } catch (NewerItem e) {
      session.update(
          "UPDATE messages SET visible_at = ? WHERE id = ?", visibleAfter(NEWER_ITEM_PAUSE), id);
      return Optional::empty;
    } catch (IllegalArgumentException e) {
      session.update("UPDATE messages SET queue = 'refused' WHERE id = ?", id);
      return () -> {
        throw PermanentFailure.of(Kind.DAMAGED, "message %d in %s".formatted(id, file.path()))
            .expected("a work item")
            .found(String.valueOf(e.getMessage()))
            .hint("it was put aside; the watchdog sends again what a run lacks")
            .cause(e);
      };
    }
  }

  private static ResultSet next(
      Session session, Queue queue, @Nullable String run, long visibleUntil) throws SQLException {
    return session.query(
        """
        SELECT id, body, visible_at FROM messages
        WHERE queue = ? AND owner IS NULL AND visible_at <= ? AND run = coalesce(?, run)
        ORDER BY visible_at, id LIMIT 1""",
        word(queue),
        visibleUntil,
        run);
  }

  private void freeWhatTheDeadHeld() {
    List<String> owners =
        file.read(
            session -> {
              var found = new ArrayList<String>();
              try (ResultSet each =
                  session.query("SELECT DISTINCT owner FROM messages WHERE owner IS NOT NULL")) {
                while (each.next()) {
                  found.add(each.getString(1));
                }
              }
              return found;
            });
    for (String owner : owners) {
      if (processes.gone(owner)) {
        file.write(
            session -> session.update("UPDATE messages SET owner = NULL WHERE owner = ?", owner));
      }
    }
  }

  /** In milliseconds, a delay rounded up so that it is never cut short. */
  private long visibleAfter(Duration delay) {
    if (delay.isNegative() || delay.compareTo(LONGEST_DELAY) > 0) {
      throw new IllegalArgumentException("a delay is 0 to " + LONGEST_DELAY + ", not " + delay);
    }
    Instant now = clock.instant();
    return delay.isZero() ? now.toEpochMilli() : now.plus(delay).plusNanos(999_999).toEpochMilli();
  }

  private static long id(Delivery delivery) {
    return Long.parseLong(delivery.receipt());
  }

  private static String word(Queue queue) {
    return queue.name().toLowerCase(Locale.ROOT);
  }
}
