package dev.tidemark.contract.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.core.blob.BlobInfo;
import dev.tidemark.core.blob.BlobStore;
import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.failure.TransientFailure;
import dev.tidemark.core.memory.InMemoryBlobStore;
import dev.tidemark.core.memory.InMemoryStateTable;
import dev.tidemark.core.state.Commit;
import dev.tidemark.core.state.Row;
import dev.tidemark.core.state.StateTable;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class FaultsTest {
  private Instant now = Instant.parse("2030-01-01T00:00:00Z");
  private final InMemoryBlobStore real = new InMemoryBlobStore(() -> now);
  private final Meanwhile meanwhile = time -> now = now.plus(time);

  @Test
  void withoutAPlanEverythingReachesThePort() {
    var faults = new Faults(FaultPlan.none(), meanwhile);
    BlobStore store = faults.process().wrap(BlobStore.class, real);

    put(store, "a");
    put(store, "b");

    assertThat(store.list("", null, 10)).isNotEmpty();
    assertThat(store.description()).isEqualTo("memory");
    assertThat(faults.counts()).containsOnlyKeys("BlobStore.create", "BlobStore.list");
    assertThat(faults.counts()).containsEntry("BlobStore.create", 2);
    assertThat(faults.calls().get(1)).hasToString("BlobStore.create #2");
    assertThat(faults.injected()).isEmpty();
  }

  @Test
  void aCallThatFailsBeforeIsNotMade() {
    BlobStore store = store(FaultPlan.at("BlobStore.create", 2, Fault.failBefore()));
    put(store, "a");

    assertThatThrownBy(() -> put(store, "b"))
        .isInstanceOf(TransientFailure.class)
        .hasMessageContaining("BlobStore.create #2");

    assertThat(real.head("a")).isPresent();
    assertThat(real.head("b")).isEmpty();
    put(store, "b");
    assertThat(real.head("b")).isPresent();
  }

  @Test
  void aCallThatFailsAfterwardsIsMadeAndItsReplyLost() {
    BlobStore store = store(FaultPlan.at("BlobStore.create", 1, Fault.failAfter()));

    assertThatThrownBy(() -> put(store, "a")).isInstanceOf(TransientFailure.class);

    assertThat(real.head("a")).isPresent();
  }

  @Test
  void aRefusedCallFailsForGoodEachTime() {
    BlobStore store = store(FaultPlan.always("BlobStore.head", Fault.refuse()));

    assertThatThrownBy(() -> store.head("a")).isInstanceOf(PermanentFailure.class);
    assertThatThrownBy(() -> store.head("a")).isInstanceOf(PermanentFailure.class);
    assertThat(store.read("a", 0, 1)).isEmpty();
  }

  @Test
  void realFailuresComeThroughAsTheyAre() {
    BlobStore store = store(FaultPlan.none());

    assertThatThrownBy(() -> put(store, "../a")).isInstanceOf(PermanentFailure.class);
  }

  @Test
  void timePassesBeforeOrAfterASlowCall() {
    Fault before = new Fault.Slow(Fault.When.BEFORE, Duration.ofMinutes(1));
    Fault after = new Fault.Slow(Fault.When.AFTER, Duration.ofMinutes(1));
    Instant start = now;

    put(store(FaultPlan.always("BlobStore.create", before)), "a");
    put(store(FaultPlan.always("BlobStore.create", after)), "b");

    assertThat(real.head("a").orElseThrow().created()).isEqualTo(start.plusSeconds(60));
    assertThat(real.head("b").orElseThrow().created()).isEqualTo(start.plusSeconds(60));
    assertThat(now).isEqualTo(start.plusSeconds(120));
  }

  @Test
  void aDuplicateIsMadeTwiceAndAnsweredOnce() {
    var faults = new Faults(FaultPlan.at("BlobStore.create", 1, new Fault.Duplicate(0)), meanwhile);
    BlobStore store = faults.process().wrap(BlobStore.class, real);

    assertThat(store.create("a", List.of(ByteBuffer.allocate(3))).existed()).isFalse();

    assertThat(faults.injected()).hasSize(1);
    assertThat(faults.toString()).contains("Duplicate").contains("BlobStore.create #1");
  }

  @Test
  void aLateDuplicateBringsBackWhatWasDeletedInBetween() {
    var faults = new Faults(FaultPlan.at("BlobStore.create", 1, new Fault.Duplicate(2)), meanwhile);
    BlobStore store = faults.process().wrap(BlobStore.class, real);
    ByteBuffer bytes = ByteBuffer.wrap(new byte[] {1, 2, 3});

    store.create("a", List.of(bytes));
    bytes.put(new byte[3]);
    store.delete(List.of("a"));
    assertThat(real.head("a")).isEmpty();
    assertThat(store.head("a")).isPresent();

    assertThat(real.read("a", 0, 3).orElseThrow()).isEqualTo(ByteBuffer.wrap(new byte[] {1, 2, 3}));
  }

  @Test
  void duplicatesThatAreStillOnTheirWayArriveWhenTheWorldSettles() {
    var faults =
        new Faults(FaultPlan.at("BlobStore.create", 1, new Fault.Duplicate(99)), meanwhile);
    put(faults.process().wrap(BlobStore.class, real), "a");
    real.delete(List.of("a"));

    faults.settle();

    assertThat(real.head("a")).isPresent();
  }

  @Test
  void aCrashedProcessReachesNothingAnyMoreAndTheNextOneDoes() {
    var faults = new Faults(FaultPlan.at("BlobStore.create", 1, Fault.crashAfter()), meanwhile);
    SimulatedProcess process = faults.process();
    BlobStore store = process.wrap(BlobStore.class, real);
    BlobStore sameProcess = process.wrap(BlobStore.class, real);

    assertThatThrownBy(() -> put(store, "a")).isInstanceOf(Crash.class);

    assertThat(process.alive()).isFalse();
    assertThat(real.head("a")).isPresent();
    assertThatThrownBy(() -> store.delete(List.of("a"))).isInstanceOf(Crash.class);
    assertThatThrownBy(() -> sameProcess.head("a")).isInstanceOf(Crash.class);
    assertThat(real.head("a")).isPresent();
    BlobStore next = faults.process().wrap(BlobStore.class, real);
    put(next, "b");
    assertThat(faults.counts())
        .containsEntry("BlobStore.create", 2)
        .doesNotContainKey("BlobStore.head");
  }

  @Test
  void aCrashBeforeACallLeavesNoTraceOfIt() {
    var faults = new Faults(FaultPlan.at("BlobStore.create", 1, Fault.crashBefore()), meanwhile);

    assertThatThrownBy(() -> put(faults.process().wrap(BlobStore.class, real), "a"))
        .isInstanceOf(Crash.class);

    assertThat(real.head("a")).isEmpty();
  }

  @Test
  void aTornListIsShortButNotEmpty() {
    for (int i = 0; i < 20; i++) {
      put(real, "k" + i);
    }
    BlobStore store =
        store(FaultPlan.always("BlobStore.list", new Fault.Torn(Duration.ofSeconds(1))));

    List<BlobInfo> page = store.list("", null, 2);
    assertThat(page).hasSize(1);
    assertThat(store.list("", "k9", 10)).isEmpty();
  }

  @Test
  void aTornQueryShowsRowsOfTwoMoments() {
    var table = InMemoryStateTable.kind();
    Commit rows = Commit.in("p");
    for (String sort : List.of("a", "b", "c", "d")) {
      rows = rows.create(sort, "old");
    }
    assertThat(table.commit(rows)).isTrue();
    Meanwhile othersMoveARow =
        time ->
            table.commit(
                Commit.in("p")
                    .delete(table.get("p", "a").orElseThrow())
                    .replace(table.get("p", "d").orElseThrow(), "new")
                    .create("e", "new"));
    var faults =
        new Faults(
            FaultPlan.at("StateTable.query", 1, new Fault.Torn(Duration.ZERO)), othersMoveARow);
    StateTable wrapped = faults.process().wrap(StateTable.class, table);

    assertThat(wrapped.query("p", "", null, 10))
        .extracting(row -> row.sort() + " " + row.body())
        .containsExactly("a old", "b old", "c old", "d new", "e new");
    assertThat(wrapped.query("p", "", null, 10))
        .extracting(Row::sort)
        .containsExactly("b", "c", "d", "e");
  }

  @Test
  void faultsThatDoNotFitACallDoNotHappen() {
    var faults =
        new Faults(FaultPlan.always("BlobStore.create", new Fault.Torn(Duration.ZERO)), meanwhile);

    assertThatCode(() -> put(faults.process().wrap(BlobStore.class, real), "a"))
        .doesNotThrowAnyException();

    assertThat(faults.injected()).isEmpty();
  }

  @Test
  void aSeedHitsTheSameCallsAgainAndAboutAsManyAsAskedFor() {
    List<Fault> kinds = List.of(Fault.failBefore(), Fault.failAfter(), new Fault.Duplicate(1));

    String first = hits(FaultPlan.seeded(42, 5, kinds));

    assertThat(first).isEqualTo(hits(FaultPlan.seeded(42, 5, kinds)));
    assertThat(first).isNotEqualTo(hits(FaultPlan.seeded(43, 5, kinds)));
    assertThat(first.lines().count()).isBetween(20L, 80L);
    assertThat(FaultPlan.seeded(42, 5, kinds).toString()).contains("42");
  }

  @Test
  void aSweepFailsAtEachCallOnce() {
    var dry = new Faults(FaultPlan.none(), meanwhile);
    BlobStore store = dry.process().wrap(BlobStore.class, real);
    put(store, "a");
    store.list("", null, 10);
    store.list("", null, 10);
    List<Fault> kinds = List.of(Fault.failBefore(), new Fault.Torn(Duration.ZERO));

    assertThat(FaultPlan.sweep(dry.calls(), kinds).map(FaultPlan::toString))
        .containsExactly(
            "fail BEFORE at BlobStore.create #1",
            "fail BEFORE at BlobStore.list #1",
            "Torn[time=PT0S] at BlobStore.list #1",
            "fail BEFORE at BlobStore.list #2",
            "Torn[time=PT0S] at BlobStore.list #2");
  }

  private String hits(FaultPlan plan) {
    var faults = new Faults(plan, meanwhile);
    BlobStore store = faults.process().wrap(BlobStore.class, new InMemoryBlobStore(() -> now));
    for (int i = 0; i < 100; i++) {
      for (Runnable call : List.<Runnable>of(() -> put(store, "a"), () -> store.head("a"))) {
        try {
          call.run();
        } catch (TransientFailure e) {
          assertThat(e).hasMessageContaining("simulated fault");
        }
      }
    }
    var text = new StringBuilder();
    faults.injected().forEach(each -> text.append(each.call()).append('\n'));
    return text.toString();
  }

  private BlobStore store(FaultPlan plan) {
    return new Faults(plan, meanwhile).process().wrap(BlobStore.class, real);
  }

  private static void put(BlobStore store, String key) {
    store.create(key, List.of(ByteBuffer.allocate(3)));
  }
}
