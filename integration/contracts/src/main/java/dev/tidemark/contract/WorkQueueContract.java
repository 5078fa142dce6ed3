package dev.tidemark.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.tidemark.contract.WorkQueueEnvironment.Receiver;
import dev.tidemark.core.queue.Delivery;
import dev.tidemark.core.queue.WorkQueue;
import dev.tidemark.events.WorkItem;
import dev.tidemark.events.WorkItem.Kind;
import dev.tidemark.events.WorkItem.Queue;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What every {@link WorkQueue} does, and what its host's receiving side makes of it. */
public interface WorkQueueContract {

  /** How long a test looks for an item in vain before it fails. */
  Duration PATIENCE = Duration.ofHours(2);

  Duration STEP = Duration.ofSeconds(1);

  /** The environment of this test, the same each time within it. */
  WorkQueueEnvironment environment();

  // Send

  @Test
  default void everyKindArrivesAsItWasSentOnTheQueueOfItsKind() {
    WorkQueue queue = environment().open();
    Set<WorkItem> sent = new HashSet<>();
    for (Kind kind : Kind.values()) {
      sent.add(new WorkItem(WorkItem.CURRENT, kind, "demo.w", "lane-ü", "unit", 3, 4));
      sent.add(WorkItem.ofRun(kind, "demo.w"));
    }
    sent.forEach(item -> queue.send(item, Duration.ZERO));
    for (Queue each : Queue.values()) {
      Set<WorkItem> expected = new HashSet<>(sent);
      expected.removeIf(item -> item.kind().queue() != each);
      assertThat(take(environment().receiver(), each, expected.size())).isEqualTo(expected);
    }
  }

  @Test
  default void nothingIsLostBetweenManySendersAndReceivers() throws Exception {
    int senders = 3;
    int receivers = 3;
    int each = 40;
    Set<WorkItem> sent = new HashSet<>();
    for (int sender = 0; sender < senders; sender++) {
      sent.addAll(items(sender * each, each));
    }
    Race.of(
        senders,
        i -> {
          WorkQueue queue = environment().open();
          return () -> {
            items(i * each, each).forEach(item -> queue.send(item, Duration.ZERO));
            return true;
          };
        });
    List<Set<WorkItem>> got =
        Race.of(
            receivers,
            i -> {
              Receiver receiver = environment().receiver();
              return () -> takeWhatIsThere(receiver, Queue.CONTROL);
            });
    Set<WorkItem> received = new HashSet<>();
    got.forEach(received::addAll);
    Receiver last = environment().receiver();
    while (received.size() < sent.size()) {
      received.add(takeOne(last, Queue.CONTROL));
    }
    assertThat(received).isEqualTo(sent);
  }

  @Test
  default void theTwoQueuesAreSeparate() {
    WorkQueue queue = environment().open();
    Receiver receiver = environment().receiver();
    queue.send(item(1), Duration.ZERO);
    assertThat(receiver.receive(Queue.TRANSFER)).isEmpty();
    WorkItem transfer = WorkItem.ofUnit(Kind.UNIT_TRANSFER, "demo.w", "l", "u", 1);
    queue.send(transfer, Duration.ZERO);
    assertThat(takeOne(receiver, Queue.TRANSFER)).isEqualTo(transfer);
    assertThat(takeOne(receiver, Queue.CONTROL)).isEqualTo(item(1));
  }

  @Test
  default void anItemBeyondTheLimitIsRefused() {
    WorkQueue queue = environment().open();
    WorkItem large = WorkItem.ofRun(Kind.RUN_WATCH, "r".repeat(WorkQueue.MAX_BODY_BYTES - 200));
    queue.send(large, Duration.ZERO);
    WorkItem larger = WorkItem.ofRun(Kind.RUN_WATCH, "r".repeat(WorkQueue.MAX_BODY_BYTES));
    assertThatIllegalArgumentException().isThrownBy(() -> queue.send(larger, Duration.ZERO));
    assertThat(takeOne(environment().receiver(), Queue.CONTROL)).isEqualTo(large);
  }

  // Delay

  @Test
  default void noItemComesBeforeItsDelayHasPassed() {
    WorkQueue queue = environment().open();
    Receiver receiver = environment().receiver();
    Instant sent = environment().clock().instant();
    int longest = (int) Math.min(5, queue.longestDelay().toSeconds());
    for (int seconds = 0; seconds <= longest; seconds++) {
      queue.send(item(seconds), Duration.ofSeconds(seconds));
    }
    var missing = new HashSet<>(items(0, longest + 1));
    while (!missing.isEmpty()) {
      WorkItem item = takeOne(receiver, Queue.CONTROL);
      assertThat(environment().clock().instant())
          .as("%s", item)
          .isAfterOrEqualTo(sent.plusSeconds(item.epoch()));
      missing.remove(item);
    }
  }

  @Test
  default void aDelayOutOfRangeIsRefused() {
    WorkQueue queue = environment().open();
    Duration longest = queue.longestDelay();
    assertThat(longest).isGreaterThanOrEqualTo(Duration.ZERO);
    for (Duration delay : List.of(Duration.ofMillis(-1), longest.plusMillis(1))) {
      assertThatIllegalArgumentException().isThrownBy(() -> queue.send(item(1), delay));
    }
    queue.send(item(2), longest);
    if (longest.compareTo(Duration.ofSeconds(5)) > 0) {
      assertThat(environment().receiver().receive(Queue.CONTROL)).isEmpty();
    }
  }

  // Receive

  @Test
  default void whatADeadReceiverHeldComesAgain() {
    WorkQueue queue = environment().open();
    items(0, 10).forEach(item -> queue.send(item, Duration.ZERO));
    Receiver dying = environment().receiver();
    Set<WorkItem> held = new HashSet<>();
    for (int i = 0; i < 4; i++) {
      held.add(await(dying, Queue.CONTROL).item());
    }
    dying.die();
    Set<WorkItem> again = take(environment().receiver(), Queue.CONTROL, 10);
    assertThat(again).containsAll(held).containsExactlyInAnyOrderElementsOf(items(0, 10));
  }

  @Test
  default void oneItemThatIsHeldDoesNotKeepTheOthers() {
    WorkQueue queue = environment().open();
    items(0, 20).forEach(item -> queue.send(item, Duration.ZERO));
    Receiver slow = environment().receiver();
    Delivery held = await(slow, Queue.CONTROL);
    Set<WorkItem> others = new HashSet<>(items(0, 20));
    others.remove(held.item());
    Receiver quick = environment().receiver();
    while (!others.isEmpty()) {
      others.remove(takeOne(quick, Queue.CONTROL));
    }
    slow.acknowledge(held);
  }

  @Test
  default void twoReceiversInTurnBothGetWork() {
    WorkQueue queue = environment().open();
    items(0, 40).forEach(item -> queue.send(item, Duration.ZERO));
    Receiver one = environment().receiver();
    Receiver other = environment().receiver();
    Set<WorkItem> missing = new HashSet<>(items(0, 40));
    var shares = new int[2];
    for (int turn = 0; !missing.isEmpty(); turn++) {
      missing.remove(takeOne(turn % 2 == 0 ? one : other, Queue.CONTROL));
      shares[turn % 2]++;
    }
    assertThat(shares[0]).isGreaterThan(5);
    assertThat(shares[1]).isGreaterThan(5);
  }

  @Test
  default void whatWasAcknowledgedDoesNotComeForEver() {
    WorkQueue queue = environment().open();
    items(0, 20).forEach(item -> queue.send(item, Duration.ZERO));
    Receiver receiver = environment().receiver();
    assertThat(take(receiver, Queue.CONTROL, 20)).hasSize(20);
    int more = 0;
    for (int i = 0; i < 20; i++) {
      environment().pass(STEP);
      Optional<Delivery> duplicate = receiver.receive(Queue.CONTROL);
      duplicate.ifPresent(receiver::acknowledge);
      more += duplicate.isPresent() ? 1 : 0;
    }
    assertThat(more).as("duplicates of 20 items").isLessThan(15);
  }

  /** Receives and acknowledges until that many different items have come. */
  private Set<WorkItem> take(Receiver receiver, Queue queue, int different) {
    Set<WorkItem> items = new HashSet<>();
    while (items.size() < different) {
      items.add(takeOne(receiver, queue));
    }
    return items;
  }

  private WorkItem takeOne(Receiver receiver, Queue queue) {
    Delivery delivery = await(receiver, queue);
    receiver.acknowledge(delivery);
    return delivery.item();
  }

  private Delivery await(Receiver receiver, Queue queue) {
    Instant start = environment().clock().instant();
    while (true) {
      Optional<Delivery> delivery = receiver.receive(queue);
      if (delivery.isPresent()) {
        return delivery.get();
      }
      assertThat(environment().clock().instant())
          .as("%s has nothing for so long", queue)
          .isBefore(start.plus(PATIENCE));
      environment().pass(STEP);
    }
  }

  private static Set<WorkItem> takeWhatIsThere(Receiver receiver, Queue queue) {
    Set<WorkItem> items = new HashSet<>();
    Optional<Delivery> delivery = receiver.receive(queue);
    while (delivery.isPresent()) {
      items.add(delivery.get().item());
      receiver.acknowledge(delivery.get());
      delivery = receiver.receive(queue);
    }
    return items;
  }

  private static WorkItem item(int number) {
    return WorkItem.ofUnit(Kind.UNIT_SNAPSHOT, "demo.w", "l", "u", number);
  }

  private static List<WorkItem> items(int first, int count) {
    return new ArrayList<>(
        IntStream.range(first, first + count).mapToObj(WorkQueueContract::item).toList());
  }
}
