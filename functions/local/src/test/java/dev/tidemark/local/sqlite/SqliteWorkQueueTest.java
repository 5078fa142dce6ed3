package dev.tidemark.local.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.contract.ManualClock;
import dev.tidemark.contract.WorkQueueContract;
import dev.tidemark.contract.WorkQueueEnvironment;
import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.queue.Delivery;
import dev.tidemark.core.queue.WorkQueue;
import dev.tidemark.events.WorkItem;
import dev.tidemark.events.WorkItem.Kind;
import dev.tidemark.events.WorkItem.Queue;
import dev.tidemark.local.Processes;
import dev.tidemark.local.SecureIds;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedDeque;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqliteWorkQueueTest implements WorkQueueContract, WorkQueueEnvironment {
  private final Path folder;
  private final ManualClock clock = new ManualClock();
  private final Deque<AutoCloseable> opened = new ConcurrentLinkedDeque<>();

  SqliteWorkQueueTest(@TempDir Path folder) {
    this.folder = folder;
  }

  /** A process of its own on the folder, as far as the queue can tell. */
  private final class Host implements Receiver {
    private final StateFile file = StateFile.open(folder);
    private final Processes processes = Processes.start(folder, new SecureIds());
    private final SqliteWorkQueue queue = new SqliteWorkQueue(file, processes, clock);
    private boolean alive = true;

    Host() {
      opened.push(file);
      opened.push(
          () -> {
            if (alive) {
              processes.close();
            }
          });
    }

    @Override
    public Optional<Delivery> receive(Queue from) {
      return queue.receive(from, null);
    }

    @Override
    public void acknowledge(Delivery delivery) {
      queue.acknowledge(delivery);
    }

    @Override
    public void die() {
      alive = false;
      processes.close();
    }
  }

  @Override
  public WorkQueueEnvironment environment() {
    return this;
  }

  @Override
  public WorkQueue open() {
    return new Host().queue;
  }

  @Override
  public Receiver receiver() {
    return new Host();
  }

  @Override
  public InstantSource clock() {
    return clock;
  }

  @Override
  public void pass(Duration time) {
    clock.pass(time);
  }

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable each : new ArrayDeque<>(opened)) {
      each.close();
    }
  }

  @Test
  void whatWasAcknowledgedIsGoneEvenAfterItsProcess() {
    var host = new Host();
    host.queue.send(item("a"), Duration.ZERO);
    host.acknowledge(host.receive(Queue.CONTROL).orElseThrow());
    host.die();
    assertThat(new Host().receive(Queue.CONTROL)).isEmpty();
    assertThat(host.queue.size(Queue.CONTROL)).isZero();
  }

  @Test
  void aLivingProcessKeepsWhatItHoldsHoweverLongItTakes() {
    var host = new Host();
    host.queue.send(item("a"), Duration.ZERO);
    Delivery held = host.receive(Queue.CONTROL).orElseThrow();
    clock.pass(Duration.ofDays(30));
    var other = new Host();
    assertThat(other.receive(Queue.CONTROL)).isEmpty();
    other.acknowledge(held);
    assertThat(host.queue.size(Queue.CONTROL)).as("only its owner acknowledges").isEqualTo(1);
  }

  @Test
  void aReleasedItemComesAgainAfterItsDelay() {
    var host = new Host();
    host.queue.send(item("a"), Duration.ZERO);
    host.queue.release(host.receive(Queue.CONTROL).orElseThrow(), Duration.ofSeconds(5));
    assertThat(host.receive(Queue.CONTROL)).isEmpty();
    assertThat(host.queue.nextVisible(Queue.CONTROL, null))
        .contains(clock.instant().plusSeconds(5));
    clock.pass(Duration.ofSeconds(5));
    assertThat(new Host().receive(Queue.CONTROL)).map(Delivery::item).contains(item("a"));
  }

  @Test
  void withinAMillisecondNothingWaitsWithoutADelayAndNoDelayIsCutShort() {
    clock.pass(Duration.ofNanos(1));
    var host = new Host();
    host.queue.send(item("now"), Duration.ZERO);
    assertThat(host.receive(Queue.CONTROL)).map(Delivery::item).contains(item("now"));
    host.queue.send(item("later"), Duration.ofMillis(1));
    clock.pass(Duration.ofNanos(999_999));
    assertThat(host.receive(Queue.CONTROL)).isEmpty();
    clock.pass(Duration.ofMillis(1));
    assertThat(host.receive(Queue.CONTROL)).isPresent();
  }

  @Test
  void aReceiverMayAskForOneRunOnly() {
    var host = new Host();
    host.queue.send(item("a"), Duration.ZERO);
    host.queue.send(item("b"), Duration.ofSeconds(1));
    assertThat(host.queue.receive(Queue.CONTROL, "b")).isEmpty();
    assertThat(host.queue.nextVisible(Queue.CONTROL, "b")).contains(clock.instant().plusSeconds(1));
    assertThat(host.queue.nextVisible(Queue.CONTROL, "c")).isEmpty();
    clock.pass(Duration.ofSeconds(1));
    assertThat(host.queue.receive(Queue.CONTROL, "b")).map(Delivery::item).contains(item("b"));
    assertThat(host.queue.receive(Queue.CONTROL, "b")).isEmpty();
  }

  @Test
  void anItemOfANewerReleaseStaysAndDoesNotKeepTheOthers() {
    var host = new Host();
    host.queue.send(item("a"), Duration.ZERO);
    rewrite(host, "{\"v\":99}");
    host.queue.send(item("b"), Duration.ZERO);
    assertThat(host.receive(Queue.CONTROL)).map(Delivery::item).contains(item("b"));
    assertThat(host.receive(Queue.CONTROL)).isEmpty();
    assertThat(host.queue.nextVisible(Queue.CONTROL, null))
        .contains(clock.instant().plusSeconds(60));
    assertThat(host.queue.size(Queue.CONTROL)).isEqualTo(2);
  }

  @Test
  void aMessageThatIsNoItemIsReportedOnceAndDoesNotKeepTheOthers() {
    var host = new Host();
    host.queue.send(item("a"), Duration.ZERO);
    rewrite(host, "garbage");
    host.queue.send(item("b"), Duration.ZERO);
    assertThatThrownBy(() -> host.receive(Queue.CONTROL))
        .isInstanceOfSatisfying(
            PermanentFailure.class,
            e -> assertThat(e.kind()).isEqualTo(PermanentFailure.Kind.DAMAGED))
        .hasMessageContaining("state.db")
        .hasMessageContaining("garbage");
    assertThat(host.receive(Queue.CONTROL)).map(Delivery::item).contains(item("b"));
    assertThat(host.receive(Queue.CONTROL)).isEmpty();
  }

  private static void rewrite(Host host, String body) {
    host.file.write(session -> session.update("UPDATE messages SET body = ?", body));
  }

  private static WorkItem item(String run) {
    return WorkItem.ofRun(Kind.RUN_WATCH, run);
  }
}
