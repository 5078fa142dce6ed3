package dev.tidemark.core.memory;

import dev.tidemark.core.queue.Delivery;
import dev.tidemark.core.queue.WorkQueue;
import dev.tidemark.events.WorkItem;
import dev.tidemark.events.WorkItem.Queue;
import dev.tidemark.events.WorkItemCodec;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Both queues in memory, with the receiving side that a host needs: the object is the place, and
 * all who hold it are its clients. A delivery that is not acknowledged is made again after {@link
 * #VISIBILITY}, or at once after {@link #crash}.
 *
 * <p>The mean form delivers in any order, delivers one item in eight twice, and delays.
 */
public final class InMemoryWorkQueue implements WorkQueue {

  /** How long a delivery is its receiver's own. */
  public static final Duration VISIBILITY = Duration.ofMinutes(5);

  private static final Duration LONGEST_DELAY = Duration.ofMinutes(15);

  private record Message(long id, String body, Queue queue, Instant visible, long deliveries) {
    boolean isVisible(Instant now) {
      return !visible.isAfter(now);
    }

    String receipt() {
      return id + "-" + deliveries;
    }
  }

  private final Map<Long, Message> messages = new TreeMap<>();
  private final InstantSource clock;
  private final String name;
  private final @Nullable SplittableRandom chance;
  private long lastId;

  private InMemoryWorkQueue(InstantSource clock, String name, @Nullable SplittableRandom chance) {
    this.clock = clock;
    this.name = name;
    this.chance = chance;
  }

  /** Queues that deliver each item once, in the order in which they became visible. */
  public static InMemoryWorkQueue kind(InstantSource clock) {
    return new InMemoryWorkQueue(clock, "kind queues", null);
  }

  /** Queues that duplicate, reorder and delay. */
  public static InMemoryWorkQueue mean(InstantSource clock, long seed) {
    return new InMemoryWorkQueue(clock, "mean queues, seed " + seed, new SplittableRandom(seed));
  }

  @Override
  public Duration longestDelay() {
    return LONGEST_DELAY;
  }

  @Override
  public synchronized void send(WorkItem item, Duration delay) {
    if (delay.isNegative() || delay.compareTo(LONGEST_DELAY) > 0) {
      throw new IllegalArgumentException("a delay is 0 to " + LONGEST_DELAY + ", not " + delay);
    }
    String body = WorkItemCodec.encode(item);
    Instant due = clock.instant().plus(delay);
    if (chance == null) {
      add(body, item.kind().queue(), due);
      return;
    }
    add(body, item.kind().queue(), due.plus(late(chance, Duration.ofMinutes(1))));
    if (chance.nextInt(8) == 0) {
      add(body, item.kind().queue(), due.plus(late(chance, Duration.ofHours(1))));
    }
  }

  /** An item that is visible now, if there is one; it is the receiver's until acknowledged. */
  public synchronized Optional<Delivery> receive(Queue queue) {
    Instant now = clock.instant();
    List<Message> visible =
        messages.values().stream()
            .filter(message -> message.queue() == queue && message.isVisible(now))
            .sorted(Comparator.comparing(Message::visible))
            .toList();
    if (visible.isEmpty()) {
      return Optional.empty();
    }
    Message message = visible.get(chance == null ? 0 : chance.nextInt(visible.size()));
    Message taken =
        new Message(
            message.id(), message.body(), queue, now.plus(VISIBILITY), message.deliveries() + 1);
    messages.put(taken.id(), taken);
    return Optional.of(new Delivery(WorkItemCodec.decode(taken.body()), taken.receipt()));
  }

  /** The item is done with. Nothing happens where it has been delivered again since. */
  public synchronized void acknowledge(Delivery delivery) {
    messages.values().removeIf(m -> m.deliveries() > 0 && m.receipt().equals(delivery.receipt()));
  }

  /** All receivers die: what they have not acknowledged is visible now. */
  public synchronized void crash() {
    Instant now = clock.instant();
    messages.replaceAll(
        (id, m) ->
            m.deliveries() == 0 || m.isVisible(now)
                ? m
                : new Message(id, m.body(), m.queue(), now, m.deliveries()));
  }

  /** How many items wait or are out, with the mean form's duplicates. */
  public synchronized int size(Queue queue) {
    return (int) messages.values().stream().filter(m -> m.queue() == queue).count();
  }

  /** When the next item of any queue is visible, perhaps in the past; empty without items. */
  public synchronized Optional<Instant> nextVisible() {
    return messages.values().stream().map(Message::visible).min(Comparator.naturalOrder());
  }

  private void add(String body, Queue queue, Instant visible) {
    long id = ++lastId;
    messages.put(id, new Message(id, body, queue, visible, 0));
  }

  private static Duration late(SplittableRandom chance, Duration most) {
    return chance.nextInt(4) == 0
        ? Duration.ofMillis(chance.nextLong(most.toMillis()))
        : Duration.ZERO;
  }

  @Override
  public synchronized String toString() {
    return "%s, %d control, %d transfer".formatted(name, size(Queue.CONTROL), size(Queue.TRANSFER));
  }
}
