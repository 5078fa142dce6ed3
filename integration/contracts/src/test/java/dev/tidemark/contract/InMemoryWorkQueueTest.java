package dev.tidemark.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.core.memory.InMemoryWorkQueue;
import dev.tidemark.core.queue.Delivery;
import dev.tidemark.core.queue.WorkQueue;
import dev.tidemark.events.WorkItem;
import dev.tidemark.events.WorkItem.Queue;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class InMemoryWorkQueueTest {

  @Nested
  class Kind implements WorkQueueContract {
    private final ManualClock clock = new ManualClock();
    private final Place place = new Place(clock, InMemoryWorkQueue.kind(clock));

    @Override
    public WorkQueueEnvironment environment() {
      return place;
    }
  }

  @Nested
  class Mean implements WorkQueueContract {
    private final ManualClock clock = new ManualClock();
    private final InMemoryWorkQueue queue =
        InMemoryWorkQueue.mean(clock, ThreadLocalRandom.current().nextLong());

    Mean() {
      System.out.println(queue);
    }

    @Override
    public WorkQueueEnvironment environment() {
      return new Place(clock, queue);
    }
  }

  private record Place(ManualClock time, InMemoryWorkQueue queue) implements WorkQueueEnvironment {

    @Override
    public WorkQueue open() {
      return queue;
    }

    @Override
    public InstantSource clock() {
      return time;
    }

    @Override
    public void pass(Duration duration) {
      time.pass(duration);
    }

    @Override
    public Receiver receiver() {
      return new Receiver() {
        @Override
        public Optional<Delivery> receive(Queue from) {
          return queue.receive(from);
        }

        @Override
        public void acknowledge(Delivery delivery) {
          queue.acknowledge(delivery);
        }

        @Override
        public void die() {
          queue.crash();
        }
      };
    }
  }

  private final ManualClock clock = new ManualClock();

  @Test
  void kindQueuesGiveEachItemOnceInTheOrderOfTheirDelays() {
    var queue = InMemoryWorkQueue.kind(clock);
    queue.send(item("late"), Duration.ofSeconds(9));
    queue.send(item("first"), Duration.ZERO);
    queue.send(item("second"), Duration.ZERO);
    assertThat(queue.nextVisible()).contains(clock.instant());
    assertThat(received(queue)).containsExactly("first", "second");
    assertThat(queue.size(Queue.CONTROL)).isEqualTo(1);
    assertThat(queue.nextVisible()).contains(clock.instant().plusSeconds(9));
    clock.pass(Duration.ofSeconds(9));
    assertThat(received(queue)).containsExactly("late");
    assertThat(queue.nextVisible()).isEmpty();
  }

  @Test
  void whatIsNotAcknowledgedIsVisibleAgainAfterATimeOrACrash() {
    var queue = InMemoryWorkQueue.kind(clock);
    queue.send(item("a"), Duration.ZERO);
    Delivery first = queue.receive(Queue.CONTROL).orElseThrow();
    assertThat(queue.receive(Queue.CONTROL)).isEmpty();
    clock.pass(InMemoryWorkQueue.VISIBILITY);
    Delivery second = queue.receive(Queue.CONTROL).orElseThrow();
    queue.acknowledge(first);
    assertThat(queue.size(Queue.CONTROL)).as("the second delivery is still out").isEqualTo(1);
    queue.crash();
    assertThat(queue.receive(Queue.CONTROL)).map(Delivery::item).contains(second.item());
  }

  @Test
  void meanQueuesDuplicateReorderAndDelayTheSameWayForTheSameSeed() {
    List<String> order = meanly(3);
    assertThat(meanly(3)).isEqualTo(order);
    assertThat(meanly(4)).isNotEqualTo(order);
    assertThat(order).hasSizeGreaterThan(100);
    assertThat(order.subList(0, 50)).isNotEqualTo(order.stream().sorted().limit(50).toList());
  }

  private static List<String> meanly(long seed) {
    var time = new ManualClock();
    var queue = InMemoryWorkQueue.mean(time, seed);
    for (int i = 100; i < 200; i++) {
      queue.send(item("n" + i), Duration.ZERO);
    }
    var order = new ArrayList<>(received(queue));
    assertThat(order).as("some come later").hasSizeLessThan(100);
    time.pass(Duration.ofHours(1));
    order.addAll(received(queue));
    assertThat(order.stream().distinct()).hasSize(100);
    return order;
  }

  private static List<String> received(InMemoryWorkQueue queue) {
    var runs = new ArrayList<String>();
    for (var next = queue.receive(Queue.CONTROL); next.isPresent(); ) {
      runs.add(next.get().item().run());
      queue.acknowledge(next.get());
      next = queue.receive(Queue.CONTROL);
    }
    return runs;
  }

  private static WorkItem item(String run) {
    return WorkItem.ofRun(WorkItem.Kind.RUN_WATCH, run);
  }
}
