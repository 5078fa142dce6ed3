package dev.tidemark.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.tidemark.core.state.Commit;
import dev.tidemark.core.state.Row;
import dev.tidemark.core.state.StateTable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What every {@link StateTable} does. */
public interface StateTableContract {

  /** The environment of this test, the same each time within it. */
  StateTableEnvironment environment();

  // Create

  @Test
  default void aRowIsAsItWasCreated() {
    StateTable table = environment().open();
    String p = partition();
    String body = "{\"text\":\"quote ' \\\" % ü 漢 \uD83C\uDF0A\"}";
    assertThat(table.commit(Commit.in(p).create("a", body))).isTrue();
    Row row = table.get(p, "a").orElseThrow();
    assertThat(row).isEqualTo(new Row(p, "a", row.version(), body));
    assertThat(table.query(p, "", null, 10)).containsExactly(row);
  }

  @Test
  default void aRowIsCreatedOnlyOnce() {
    StateTable table = environment().open();
    String p = partition();
    assertThat(table.commit(Commit.in(p).create("a", "first"))).isTrue();
    assertThat(table.commit(Commit.in(p).create("a", "second"))).isFalse();
    assertThat(table.get(p, "a").orElseThrow().body()).isEqualTo("first");
  }

  @Test
  default void ofRacingCreatorsOneWins() throws Exception {
    String p = partition();
    List<Boolean> won =
        Race.of(
            8,
            i -> {
              StateTable table = environment().open();
              return () -> table.commit(Commit.in(p).create("a", "by " + i));
            });
    assertThat(won).containsOnlyOnce(true);
    assertThat(environment().open().get(p, "a").orElseThrow().body())
        .isEqualTo("by " + won.indexOf(true));
  }

  // Replace

  @Test
  default void aStaleReplaceIsRefusedAndChangesNothing() {
    StateTable table = environment().open();
    String p = partition();
    Row stale = created(table, p, "a", "1");
    assertThat(table.commit(Commit.in(p).replace(stale, "2"))).isTrue();
    assertThat(table.commit(Commit.in(p).replace(stale, "3"))).isFalse();
    assertThat(table.get(p, "a").orElseThrow().body()).isEqualTo("2");
  }

  @Test
  default void aRowThatIsNotThereIsNotReplaced() {
    StateTable table = environment().open();
    String p = partition();
    Row never = new Row(p, "never", 1, "");
    assertThat(table.commit(Commit.in(p).replace(never, "2"))).isFalse();
    assertThat(table.get(p, "never")).isEmpty();
  }

  @Test
  default void parallelIncrementsByCompareAndSetAreAllCounted() throws Exception {
    String p = partition();
    created(environment().open(), p, "n", "0");
    int runners = 6;
    int each = 20;
    Race.of(
        runners,
        i -> {
          StateTable table = environment().open();
          return () -> {
            for (int done = 0; done < each; ) {
              Row row = table.get(p, "n").orElseThrow();
              String next = String.valueOf(Integer.parseInt(row.body()) + 1);
              if (table.commit(Commit.in(p).replace(row, next))) {
                done++;
              }
            }
            return each;
          };
        });
    assertThat(environment().open().get(p, "n").orElseThrow().body())
        .isEqualTo(String.valueOf(runners * each));
  }

  @Test
  default void aVersionGrowsWithEachPutAndIsNeverUsedAgain() {
    StateTable table = environment().open();
    String p = partition();
    var versions = new ArrayList<Long>();
    Row row = created(table, p, "a", "1");
    versions.add(row.version());
    for (int i = 0; i < 3; i++) {
      assertThat(table.commit(Commit.in(p).replace(row, "same body"))).isTrue();
      row = table.get(p, "a").orElseThrow();
      versions.add(row.version());
      assertThat(table.commit(Commit.in(p).delete(row).create("other-" + i, ""))).isTrue();
      row = created(table, p, "a", "1");
      versions.add(row.version());
    }
    assertThat(versions).doesNotHaveDuplicates();
    assertThat(versions).isSorted();
  }

  // Delete and require

  @Test
  default void aDeletedRowIsGoneAndMayBeCreatedAgain() {
    StateTable table = environment().open();
    String p = partition();
    Row row = created(table, p, "a", "1");
    assertThat(table.commit(Commit.in(p).delete(row).create("b", ""))).isTrue();
    assertThat(table.get(p, "a")).isEmpty();
    assertThat(table.query(p, "a", null, 10)).isEmpty();
    assertThat(table.commit(Commit.in(p).delete(row).create("c", ""))).isFalse();
    assertThat(created(table, p, "a", "2").body()).isEqualTo("2");
  }

  @Test
  default void aRowIsDeletedOnlyAtTheVersionThatWasSeen() {
    StateTable table = environment().open();
    String p = partition();
    Row stale = created(table, p, "a", "1");
    assertThat(table.commit(Commit.in(p).replace(stale, "2"))).isTrue();
    assertThat(table.commit(Commit.in(p).delete(stale).create("b", ""))).isFalse();
    assertThat(table.get(p, "a")).isPresent();
    assertThat(table.get(p, "b")).isEmpty();
  }

  @Test
  default void discardedRowsAreGoneWhateverTheirVersionsAndOthersStay() {
    StateTable table = environment().open();
    String p = partition();
    Row changed = created(table, p, "a", "1");
    created(table, p, "b", "1");
    created(table, p, "c", "1");
    table.commit(Commit.in(p).replace(changed, "2"));
    table.discard(p, List.of("a", "c", "never"));
    table.discard(p, List.of("a"));
    assertThat(table.query(p, "", null, 10)).extracting(Row::sort).containsExactly("b");
    assertThat(table.commit(Commit.in(p).replace(changed, "3"))).isFalse();
  }

  @Test
  default void aRequiredRowMustBeAtItsVersionAndStaysThere() {
    StateTable table = environment().open();
    String p = partition();
    Row required = created(table, p, "a", "1");
    assertThat(table.commit(Commit.in(p).require(required).create("b", ""))).isTrue();
    assertThat(table.get(p, "a")).contains(required);
    assertThat(table.commit(Commit.in(p).replace(required, "2"))).isTrue();
    assertThat(table.commit(Commit.in(p).require(required).create("c", ""))).isFalse();
    assertThat(table.get(p, "c")).isEmpty();
  }

  @Test
  default void nothingIsAddedUnderARequiredRowOnceItWasClosed() throws Exception {
    String p = partition();
    created(environment().open(), p, "gate", "open");
    int runners = 5;
    List<Integer> counts =
        Race.of(
            runners,
            i -> {
              StateTable table = environment().open();
              return i == 0 ? () -> close(table, p) : () -> addWhileOpen(table, p, i);
            });
    int added = counts.subList(1, runners).stream().mapToInt(Integer::intValue).sum();
    assertThat(counts.get(0)).as("rows when the gate was closed").isEqualTo(added);
  }

  private static int close(StateTable table, String p) {
    while (table.query(p, "x", null, 10).size() < 10) {
      assertThat(Thread.interrupted()).as("given up, as those who add have failed").isFalse();
      Thread.onSpinWait();
    }
    Row gate = table.get(p, "gate").orElseThrow();
    assertThat(table.commit(Commit.in(p).replace(gate, "closed"))).isTrue();
    return table.query(p, "x", null, 1_000).size();
  }

  private static int addWhileOpen(StateTable table, String p, int runner) {
    for (int added = 0; added < 200; added++) {
      Row gate = table.get(p, "gate").orElseThrow();
      String sort = "x" + runner + "-" + added;
      if (gate.body().equals("closed")
          || !table.commit(Commit.in(p).require(gate).create(sort, ""))) {
        return added;
      }
    }
    return 200;
  }

  // All or nothing

  @Test
  default void twentyFiveChangesHappenAllOrNotAtAll() {
    StateTable table = environment().open();
    String p = partition();
    Row replaced = created(table, p, "replaced", "1");
    Row deleted = created(table, p, "deleted", "1");
    Row moved = created(table, p, "moved", "1");
    assertThat(table.commit(Commit.in(p).replace(moved, "2"))).isTrue();
    List<Row> before = table.query(p, "", null, 100);

    Commit most = Commit.in(p).replace(replaced, "2").delete(deleted);
    for (int i = 0; i < StateTable.MAX_CHANGES - 3; i++) {
      most = most.create("new-" + i, "");
    }
    assertThat(table.commit(most.require(moved))).isFalse();
    assertThat(table.query(p, "", null, 100)).isEqualTo(before);

    assertThat(table.commit(most.require(table.get(p, "moved").orElseThrow()))).isTrue();
    assertThat(table.query(p, "new-", null, 100)).hasSize(StateTable.MAX_CHANGES - 3);
    assertThat(table.get(p, "replaced").orElseThrow().body()).isEqualTo("2");
    assertThat(table.get(p, "deleted")).isEmpty();
  }

  @Test
  default void whoSeesOneRowOfACommitFindsTheOthersToo() throws Exception {
    String p = partition();
    StateTable first = environment().open();
    assertThat(first.commit(Commit.in(p).create("a", "0").create("b", "0"))).isTrue();
    var over = new AtomicBoolean();
    Callable<Boolean> writer =
        () -> {
          try {
            for (int n = 1; n <= 100; n++) {
              Row a = first.get(p, "a").orElseThrow();
              Row b = first.get(p, "b").orElseThrow();
              String body = String.valueOf(n);
              assertThat(first.commit(Commit.in(p).replace(a, body).replace(b, body))).isTrue();
            }
          } finally {
            over.set(true);
          }
          return true;
        };
    StateTable second = environment().open();
    Callable<Boolean> reader =
        () -> {
          while (!over.get()) {
            int b = Integer.parseInt(second.get(p, "b").orElseThrow().body());
            int a = Integer.parseInt(second.get(p, "a").orElseThrow().body());
            assertThat(a).isGreaterThanOrEqualTo(b);
          }
          return true;
        };
    Race.of(2, i -> i == 0 ? writer : reader);
  }

  @Test
  default void aCommitOfTooManyChangesOrWithoutAPutIsRefused() {
    StateTable table = environment().open();
    String p = partition();
    Row row = created(table, p, "a", "1");
    Commit many = Commit.in(p);
    for (int i = 0; i <= StateTable.MAX_CHANGES; i++) {
      many = many.create("many-" + i, "");
    }
    Commit tooMany = many;
    assertThatIllegalStateException().isThrownBy(() -> table.commit(tooMany));
    assertThatIllegalStateException().isThrownBy(() -> table.commit(Commit.in(p).delete(row)));
    assertThat(table.query(p, "", null, 100)).containsExactly(row);
  }

  // Limits

  @Test
  default void theLargestBodyIsKeptAndALargerOneRefused() {
    StateTable table = environment().open();
    String p = partition();
    String largest = "ü".repeat(StateTable.MAX_BODY_BYTES / 2);
    assertThat(created(table, p, "a", largest).body()).isEqualTo(largest);
    assertThatIllegalArgumentException().isThrownBy(() -> Commit.in(p).create("b", largest + "x"));
  }

  @Test
  default void aCommitMayBeFullOfTheLargestBodies() {
    StateTable table = environment().open();
    String p = partition();
    String largest = "x".repeat(StateTable.MAX_BODY_BYTES);
    Commit commit = Commit.in(p);
    for (int i = 0; i < StateTable.MAX_CHANGES; i++) {
      commit = commit.create("a" + i, largest);
    }
    assertThat(table.commit(commit)).isTrue();
    assertThat(table.query(p, "", null, 100))
        .hasSize(StateTable.MAX_CHANGES)
        .allMatch(row -> row.body().equals(largest));
  }

  @Test
  default void keysAreOfTheirCharactersAndLengthOnly() {
    StateTable table = environment().open();
    String longest = (partition() + "0123456789abcdefghijklmnopqrstuvwxyz_.:-".repeat(10));
    longest = longest.substring(longest.length() - 400);
    assertThat(created(table, longest, longest, "x").sort()).isEqualTo(longest);
    for (String key : List.of("", "A", "a/b", "a b", "ü", "a\n", "a#", longest + "x")) {
      assertThatIllegalArgumentException().isThrownBy(() -> Commit.in(key));
      assertThatIllegalArgumentException().isThrownBy(() -> Commit.in("p").create(key, ""));
    }
  }

  // Reading

  @Test
  default void aSecondClientReadsTheWriteAtOnce() {
    StateTable writer = environment().open();
    StateTable reader = environment().open();
    String p = partition();
    Row row = created(writer, p, "a", "0");
    for (int i = 1; i <= 20; i++) {
      assertThat(writer.commit(Commit.in(p).replace(row, "" + i).create("b" + i, ""))).isTrue();
      row = reader.get(p, "a").orElseThrow();
      assertThat(row.body()).isEqualTo("" + i);
      assertThat(reader.query(p, "b", null, 100)).hasSize(i);
    }
  }

  @Test
  default void anUnknownPartitionIsEmpty() {
    StateTable table = environment().open();
    String p = partition();
    assertThat(table.get(p, "a")).isEmpty();
    assertThat(table.query(p, "", null, 10)).isEmpty();
  }

  @Test
  default void aQueryIsOfOnePartitionAndOnePrefix() {
    StateTable table = environment().open();
    String p = partition();
    created(table, p + ":x", "open:z", "");
    created(table, p + "x", "open:z", "");
    Commit rows = Commit.in(p);
    for (String sort : List.of("open", "open:", "open:a", "open:b", "open.a", "open_a", "opem:a")) {
      rows = rows.create(sort, "");
    }
    assertThat(table.commit(rows)).isTrue();
    assertThat(sorts(table, p, "open:", null, 10)).containsExactly("open:", "open:a", "open:b");
    assertThat(sorts(table, p, "open:c", null, 10)).isEmpty();
    assertThat(sorts(table, p, "", null, 10)).hasSize(7);
  }

  @Test
  default void aQueryIsInByteOrder() {
    StateTable table = environment().open();
    String p = partition();
    List<String> ordered =
        List.of(
            "k", "k-", "k-a", "k.", "k.a", "k0", "k00", "k1", "k10", "k9", "k:", "k_", "ka", "kz");
    var shuffled = new ArrayList<>(ordered);
    Collections.shuffle(shuffled);
    Commit rows = Commit.in(p);
    for (String sort : shuffled) {
      rows = rows.create(sort, "");
    }
    assertThat(table.commit(rows)).isTrue();
    assertThat(sorts(table, p, "k", null, 100)).isEqualTo(ordered);
  }

  @Test
  default void aQueryGoesOnAfterAKeyWhetherItIsThereOrNot() {
    StateTable table = environment().open();
    String p = partition();
    Commit rows = Commit.in(p);
    for (String sort : List.of("a1", "b1", "b2", "b4", "c1")) {
      rows = rows.create(sort, "");
    }
    assertThat(table.commit(rows)).isTrue();
    assertThat(sorts(table, p, "b", null, 2)).containsExactly("b1", "b2");
    assertThat(sorts(table, p, "b", "b2", 2)).containsExactly("b4");
    assertThat(sorts(table, p, "b", "b3", 2)).containsExactly("b4");
    assertThat(sorts(table, p, "b", "b4", 2)).isEmpty();
    assertThat(sorts(table, p, "b", "a0", 2)).containsExactly("b1", "b2");
    assertThat(sorts(table, p, "b", "c0", 2)).isEmpty();
    assertThat(sorts(table, p, "", "b2", 10)).containsExactly("b4", "c1");
  }

  @Test
  default void aQueryOfManyPagesGivesEachRowOnce() {
    StateTable table = environment().open();
    String p = partition();
    List<String> all = IntStream.range(0, 1_100).mapToObj("n%04d"::formatted).toList();
    for (int i = 0; i < all.size(); i += StateTable.MAX_CHANGES) {
      Commit rows = Commit.in(p);
      for (String sort : all.subList(i, i + StateTable.MAX_CHANGES)) {
        rows = rows.create(sort, "x".repeat(2_000));
      }
      assertThat(table.commit(rows)).isTrue();
    }
    for (int limit : new int[] {1_000, 300}) {
      var found = new ArrayList<String>();
      List<String> page = sorts(table, p, "n", null, limit);
      while (page.size() == limit) {
        found.addAll(page);
        page = sorts(table, p, "n", found.get(found.size() - 1), limit);
      }
      found.addAll(page);
      assertThat(found).isEqualTo(all);
    }
  }

  @Test
  default void rowsThatNobodyTouchesAreInEveryQueryBesideWriters() throws Exception {
    String p = partition();
    StateTable writes = environment().open();
    Commit still = Commit.in(p);
    for (int i = 0; i < 20; i++) {
      still = still.create("k%02d".formatted(i), "still");
    }
    assertThat(writes.commit(still)).isTrue();
    var over = new AtomicBoolean();
    Callable<Boolean> writer =
        () -> {
          try {
            for (int i = 0; i < 60; i++) {
              Row row = created(writes, p, "k%02d-x".formatted(i % 20), "moving");
              assertThat(writes.commit(Commit.in(p).delete(row).create("z" + i, ""))).isTrue();
            }
          } finally {
            over.set(true);
          }
          return true;
        };
    StateTable reads = environment().open();
    Callable<Boolean> reader =
        () -> {
          while (!over.get()) {
            List<Row> rows = reads.query(p, "k", null, 1_000);
            assertThat(rows).extracting(Row::sort).isSorted().doesNotHaveDuplicates();
            assertThat(rows.stream().filter(row -> row.body().equals("still"))).hasSize(20);
          }
          return true;
        };
    Race.of(2, i -> i == 0 ? writer : reader);
  }

  @Test
  default void aLimitOutOfRangeIsRefused() {
    StateTable table = environment().open();
    assertThatIllegalArgumentException().isThrownBy(() -> table.query("p", "", null, 0));
    assertThatIllegalArgumentException().isThrownBy(() -> table.query("p", "", null, 1_001));
  }

  private static Row created(StateTable table, String partition, String sort, String body) {
    assertThat(table.commit(Commit.in(partition).create(sort, body))).isTrue();
    return table.get(partition, sort).orElseThrow();
  }

  private static List<String> sorts(
      StateTable table, String partition, String prefix, @Nullable String after, int limit) {
    return table.query(partition, prefix, after, limit).stream().map(Row::sort).toList();
  }

  /** A partition of this test's own, as the place may be shared. */
  private static String partition() {
    return "t:" + Long.toUnsignedString(ThreadLocalRandom.current().nextLong(), 36);
  }
}
