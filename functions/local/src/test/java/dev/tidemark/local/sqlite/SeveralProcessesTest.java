package dev.tidemark.local.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.core.queue.Delivery;
import dev.tidemark.core.state.Commit;
import dev.tidemark.core.state.Row;
import dev.tidemark.core.state.StateTable;
import dev.tidemark.events.WorkItem;
import dev.tidemark.events.WorkItem.Kind;
import dev.tidemark.events.WorkItem.Queue;
import dev.tidemark.local.ChildJvm;
import dev.tidemark.local.Processes;
import dev.tidemark.local.SecureIds;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real processes on one state folder, and what is left of them when they are killed. */
class SeveralProcessesTest {
  private final Path folder;

  SeveralProcessesTest(@TempDir Path folder) {
    this.folder = folder;
  }

  /** Increments a counter by compare-and-set. */
  static final class Counter {
    private Counter() {}

    public static void main(String[] arguments) {
      try (var file = StateFile.open(Path.of(arguments[0]))) {
        System.out.println(increment(new SqliteStateTable(file), Integer.parseInt(arguments[1])));
      }
    }

    /** Creates the counter where it is missing; how often it won that race. */
    static int increment(StateTable table, int times) {
      int created = table.commit(Commit.in("p").create("n", "0")) ? 1 : 0;
      for (int done = 0; done < times; ) {
        Row row = table.get("p", "n").orElseThrow();
        String next = String.valueOf(Integer.parseInt(row.body()) + 1);
        done += table.commit(Commit.in("p").replace(row, next)) ? 1 : 0;
      }
      return created;
    }
  }

  /** Commits many rows at once and sends an item, again and again, and prints what was answered. */
  static final class Writer {
    private Writer() {}

    public static void main(String[] arguments) {
      var folder = Path.of(arguments[0]);
      var file = StateFile.open(folder);
      var table = new SqliteStateTable(file);
      var processes = Processes.start(folder, new SecureIds());
      var queue = new SqliteWorkQueue(file, processes, InstantSource.system());
      new Thread(Writer::tick).start();
      for (long n = number(table, "a") + 1; ; n++) {
        Commit commit = Commit.in("p");
        for (String sort : logs(n)) {
          commit = commit.create(sort, "x".repeat(500));
        }
        for (String sort : List.of("a", "b")) {
          Optional<Row> row = table.get("p", sort);
          String body = String.valueOf(n);
          commit = row.isEmpty() ? commit.create(sort, body) : commit.replace(row.get(), body);
        }
        if (!table.commit(commit)) {
          throw new IllegalStateException("nobody else writes here");
        }
        queue.send(WorkItem.ofRun(Kind.RUN_WATCH, "n" + n), Duration.ZERO);
        System.out.println(n);
      }
    }

    /** Lines at moments that have nothing to do with the commits, by which to choose one to die. */
    private static void tick() {
      while (true) {
        System.out.println("tick");
        LockSupport.parkNanos(50_000);
      }
    }
  }

  /** Receives items until it is killed, and prints them. */
  static final class Holder {
    private Holder() {}

    public static void main(String[] arguments) throws IOException {
      var folder = Path.of(arguments[0]);
      var file = StateFile.open(folder);
      var processes = Processes.start(folder, new SecureIds());
      var queue = new SqliteWorkQueue(file, processes, InstantSource.system());
      for (int i = 0; i < Integer.parseInt(arguments[1]); i++) {
        System.out.println(queue.receive(Queue.CONTROL, null).orElseThrow().item().run());
      }
      System.in.read();
    }
  }

  @Test
  void processesThatStartTogetherCountTogether() throws Exception {
    int each = 100;
    try (var one = ChildJvm.start(Counter.class, folder, each);
        var other = ChildJvm.start(Counter.class, folder, each);
        var file = StateFile.open(folder)) {
      var table = new SqliteStateTable(file);
      int created = Counter.increment(table, each);
      created += Integer.parseInt(one.line()) + Integer.parseInt(other.line());
      assertThat(created).as("how many created the row").isEqualTo(1);
      assertThat(number(table, "n")).isEqualTo(3L * each);
    }
  }

  @Test
  void aKilledWriterLeavesWholeCommitsAndAllThatItWasAnswered() throws Exception {
    for (int round = 0; round < 3; round++) {
      long answered = 0;
      try (var writer = ChildJvm.start(Writer.class, folder)) {
        var printed = new ArrayList<String>();
        while (answered < 10L * (round + 1) || !printed.get(printed.size() - 1).equals("tick")) {
          printed.add(writer.line());
          answered = Math.max(answered, last(printed.subList(printed.size() - 1, printed.size())));
        }
        answered = Math.max(answered, last(writer.kill()));
      }
      try (var file = StateFile.open(folder);
          var processes = Processes.start(folder, new SecureIds())) {
        var table = new SqliteStateTable(file);
        long n = number(table, "a");
        assertThat(n).isGreaterThanOrEqualTo(answered);
        assertThat(number(table, "b")).isEqualTo(n);
        assertThat(logs(table))
            .isEqualTo(
                LongStream.rangeClosed(1, n).boxed().flatMap(i -> logs(i).stream()).toList());
        var queue = new SqliteWorkQueue(file, processes, InstantSource.system());
        assertThat(queue.size(Queue.CONTROL)).isBetween(answered - round, n);
      }
    }
  }

  @Test
  void whatAKilledProcessHeldIsFreeAtOnceAndWhatALivingOneHoldsIsNot() throws Exception {
    try (var file = StateFile.open(folder);
        var processes = Processes.start(folder, new SecureIds())) {
      var queue = new SqliteWorkQueue(file, processes, InstantSource.system());
      for (int i = 0; i < 3; i++) {
        queue.send(WorkItem.ofRun(Kind.RUN_WATCH, "n" + i), Duration.ZERO);
      }
      try (var holder = ChildJvm.start(Holder.class, folder, 3)) {
        List<String> held = List.of(holder.line(), holder.line(), holder.line());
        assertThat(queue.receive(Queue.CONTROL, null)).isEmpty();
        holder.kill();
        var again = new ArrayList<String>();
        for (int i = 0; i < 3; i++) {
          Delivery delivery = queue.receive(Queue.CONTROL, null).orElseThrow();
          again.add(delivery.item().run());
          queue.acknowledge(delivery);
        }
        assertThat(again).isEqualTo(held);
        assertThat(queue.receive(Queue.CONTROL, null)).isEmpty();
      }
    }
  }

  private static long last(List<String> printed) {
    return printed.stream()
        .filter(line -> !line.equals("tick"))
        .mapToLong(Long::parseLong)
        .max()
        .orElse(0);
  }

  private static long number(StateTable table, String sort) {
    return table.get("p", sort).map(row -> Long.parseLong(row.body())).orElse(0L);
  }

  private static List<String> logs(long n) {
    return IntStream.range(0, 20).mapToObj(i -> "log-%08d-%02d".formatted(n, i)).toList();
  }

  private static List<String> logs(StateTable table) {
    var sorts = new ArrayList<String>();
    List<Row> page = table.query("p", "log-", null, 1_000);
    while (!page.isEmpty()) {
      page.forEach(row -> sorts.add(row.sort()));
      page = table.query("p", "log-", sorts.get(sorts.size() - 1), 1_000);
    }
    return sorts;
  }
}
