package dev.tidemark.core.flow;

import dev.tidemark.core.queue.WorkQueue;
import dev.tidemark.core.state.Commit;
import dev.tidemark.core.vault.TreeDigest;
import dev.tidemark.events.WorkItem;
import dev.tidemark.events.WorkItemCodec;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;

/**
 * Items that are due later than a queue can hold them, or that must survive the loss of a queue.
 * The tick sends, then deletes; the row's key is made of the second and the item, so that the same
 * wish twice is one row.
 */
final class Timers {
  private static final int PAGE = 200;

  private final Ledger ledger;
  private final WorkQueue queue;
  private final InstantSource clock;

  Timers(Ledger ledger, WorkQueue queue, InstantSource clock) {
    this.ledger = ledger;
    this.queue = queue;
    this.clock = clock;
  }

  /** Sends an item now, by the queue's own delay, or by a timer row. */
  void send(Next next) {
    if (next.delay().compareTo(queue.longestDelay()) <= 0) {
      queue.send(next.item(), next.delay());
    } else {
      set(next.item(), clock.instant().plus(next.delay()));
    }
  }

  /** Makes a timer row; one that is there stays. */
  void set(WorkItem item, Instant due) {
    String text = WorkItemCodec.encode(item);
    String id = TreeDigest.sha256Hex(text.getBytes(StandardCharsets.UTF_8)).substring(0, 16);
    long second = due.getEpochSecond() + (due.getNano() > 0 ? 1 : 0);
    ledger.commit(
        Commit.in(Rows.TIMERS).create(Rows.due(second, id), RowCodec.write(new TimerRow(1, text))));
  }

  /**
   * Sends what is due.
   *
   * @return how many items were sent
   */
  int fire() {
    String end = Rows.due(clock.instant().getEpochSecond() + 1, "");
    List<Held<TimerRow>> due =
        ledger.first(Rows.TIMERS, Rows.DUE, PAGE, TimerRow.class).stream()
            .filter(held -> held.row().sort().compareTo(end) < 0)
            .toList();
    for (Held<TimerRow> timer : due) {
      queue.send(WorkItemCodec.decode(timer.value().item()), Duration.ZERO);
      ledger.discard(Rows.TIMERS, List.of(timer.row().sort()));
    }
    return due.size();
  }
}
