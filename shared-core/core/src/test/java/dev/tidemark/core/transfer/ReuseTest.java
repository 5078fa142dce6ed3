package dev.tidemark.core.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.failure.PermanentFailure.Kind;
import dev.tidemark.core.restore.PathFilter;
import dev.tidemark.core.tree.EntryPath;
import dev.tidemark.core.vault.BlobRef;
import dev.tidemark.core.vault.Entry;
import dev.tidemark.core.vault.Extent;
import dev.tidemark.core.vault.UnitRecord;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ReuseTest {
  private static final int ALL = Integer.MAX_VALUE;
  private static final int MIB = Site.MIB;

  private final Site site = new Site(1, Limits.DEFAULT);
  private final Tree tree = new Tree();

  private Entry file(UnitRecord record, String path) {
    return site.entries(record).stream()
        .filter(entry -> entry.path().equals(Tree.path(path)))
        .findFirst()
        .orElseThrow();
  }

  private static BlobRef blob(Entry entry, int extent) {
    return Objects.requireNonNull(entry.extents().get(extent).blob());
  }

  @Test
  void onlyTheChunkThatChangedIsStoredAgain() {
    byte[] content = Site.random(1, 30 * MIB);
    tree.file("large", content);
    UnitRecord first = site.backUp(tree.snapshot(), null);
    content[17 * MIB]++;
    tree.file("large", content.clone());
    Set<String> before = site.keys("data/");
    UnitRecord second = site.backUp(tree.snapshot(), first);
    assertThat(site.storedSince(before)).isBetween(8L * MIB, 8L * MIB + 200);
    assertThat(second.stored()).isEqualTo(site.storedSince(before));
    List<Extent> then = file(first, "large").extents();
    List<Extent> now = file(second, "large").extents();
    assertThat(now).hasSize(4);
    for (int i = 0; i < 4; i++) {
      assertThat(now.get(i).equals(then.get(i))).as("chunk " + i).isEqualTo(i != 2);
    }
    site.requireEqual(second, tree, ALL, 1);
  }

  @Test
  void aSmallFileThatGrowsIntoChunksKeepsTheFirst() {
    byte[] content = Site.random(1, 16 * MIB);
    tree.file("log", Arrays.copyOf(content, 8 * MIB));
    UnitRecord first = site.backUp(tree.snapshot(), null);
    tree.file("log", content);
    UnitRecord second = site.backUp(tree.snapshot(), first);
    assertThat(blob(file(second, "log"), 0)).isEqualTo(blob(file(first, "log"), 0));
    site.requireEqual(second, tree, ALL, 1);
  }

  @Test
  void filesWithTheSameStrongIdentityAreNotRead() {
    for (int i = 0; i < 20; i++) {
      tree.file("f" + i, Site.random(i, 1_000));
    }
    UnitRecord first = site.backUp(tree.snapshot(), null);
    tree.file("f3", Site.random(99, 1_000));
    tree.opened.clear();
    Site.Run run = site.run();
    UnitRecord second = site.backUp(run, tree.snapshot(), first, List.of(), ALL, 1);
    assertThat(tree.opened)
        .contains(Tree.path("f3"))
        .allMatch(p -> p.equals(Tree.path("f3")) || Reuse.isSampled(run.backupId(), p));
    assertThat(blob(file(second, "f4"), 0)).isEqualTo(blob(file(first, "f4"), 0));
    site.requireEqual(second, tree, ALL, 1);
  }

  @Test
  void filesWithWeakIdentitiesAreReadButNotStoredAgain() {
    for (int i = 0; i < 20; i++) {
      tree.file("f" + i, Site.random(i, 1_000));
    }
    tree.weak.addAll(tree.nodes.keySet());
    UnitRecord first = site.backUp(tree.snapshot(), null);
    assertThat(first.weak()).isEqualTo(20);
    tree.opened.clear();
    UnitRecord second = site.backUp(tree.snapshot(), first);
    assertThat(tree.opened).hasSize(20);
    assertThat(second.stored()).isZero();
    assertThat(second.root()).isEqualTo(first.root());
  }

  @Test
  void newAttributesAreTakenWithoutStoringTheContentAgain() {
    tree.file("a", Site.random(1, 10_000));
    tree.file("b", Site.random(2, 10_000));
    UnitRecord first = site.backUp(tree.snapshot(), null);
    tree.touch(Tree.path("a"), 0444);
    tree.touch(Tree.path("b"), 0444);
    UnitRecord second = site.backUp(tree.snapshot(), first);
    assertThat(second.stored()).isZero();
    site.requireEqual(second, tree, ALL, 1);
  }

  @Test
  void aPackOfWhichLessThanHalfIsUsedIsPackedAnew() {
    for (int i = 0; i < 10; i++) {
      tree.file("f" + i, Site.random(i, 1_000));
    }
    UnitRecord first = site.backUp(tree.snapshot(), null);
    for (int i = 0; i < 5; i++) {
      tree.file("f" + i, Site.random(100 + i, 1_000));
    }
    UnitRecord half = site.backUp(tree.snapshot(), first);
    assertThat(blob(file(half, "f9"), 0)).isEqualTo(blob(file(first, "f9"), 0));
    tree.remove("f5");
    UnitRecord less = site.backUp(tree.snapshot(), half);
    assertThat(blob(file(less, "f9"), 0)).isNotEqualTo(blob(file(first, "f9"), 0));
    assertThat(file(less, "f1").extents()).isEqualTo(file(half, "f1").extents());
    site.requireEqual(less, tree, ALL, 1);
  }

  @Test
  void theThirtiethBackupReadsEverythingAndStoresNothingAgain() {
    tree.file("a", Site.random(1, 10_000));
    tree.file("large", Site.random(2, 9 * MIB));
    UnitRecord base = site.backUp(tree.snapshot(), null);
    for (int n = 1; n < Reuse.FULL_EVERY; n++) {
      base = site.backUp(tree.snapshot(), base);
      assertThat(base.since()).isEqualTo(n);
    }
    tree.opened.clear();
    UnitRecord full = site.backUp(tree.snapshot(), base);
    assertThat(full.since()).isZero();
    assertThat(tree.opened).containsExactlyInAnyOrder(Tree.path("a"), Tree.path("large"));
    assertThat(full.stored()).isZero();
    assertThat(full.root()).isEqualTo(base.root());
  }

  @Test
  void aSampledFileThatIsNotTheBasesMakesTheUnitBeReadInFull() {
    Site.Run next = new Site.Run("writerfourth", "backup-next");
    String sampled = "";
    for (int i = 0; sampled.isEmpty(); i++) {
      if (Reuse.isSampled(next.backupId(), Tree.path("f" + i))) {
        sampled = "f" + i;
      }
    }
    for (int i = 0; i < 10; i++) {
      tree.file("e" + i, Site.random(i, 1_000));
    }
    tree.file(sampled, Site.random(50, 1_000));
    UnitRecord first = site.backUp(tree.snapshot(), null);
    // A cluster made anew under the old name, in which file numbers began again.
    tree.falsify("e1", Site.random(60, 1_000));
    tree.falsify(sampled, Site.random(61, 1_000));
    tree.file("more", Site.random(62, 10));
    for (int ticks : new int[] {0, ALL}) {
      Site.Run run = ticks == 0 ? new Site.Run("writersliced", next.backupId()) : next;
      UnitRecord second = site.backUp(run, tree.snapshot(), first, List.of(), ticks, 1);
      assertThat(site.suspect).isTrue();
      assertThat(second.since()).isZero();
      assertThat(site.entries(second)).allMatch(e -> blob(e, 0).writer().equals(run.writer()));
      site.requireEqual(second, tree, ALL, 1);
    }
  }

  @Test
  void aBaseThatCannotBeReadIsSuspectAndNotUsed() {
    tree.file("a", Site.random(1, 1_000));
    UnitRecord first = site.backUp(tree.snapshot(), null);
    tree.file("b", Site.random(2, 1_000));
    site.store.delete(List.copyOf(site.keys("parts/")));
    UnitRecord second = site.backUp(tree.snapshot(), first);
    assertThat(site.suspect).isTrue();
    site.requireEqual(second, tree, ALL, 1);
  }

  @Test
  void whatTheRunReadOfAnEarlierSnapshotIsNotReadAgain() {
    for (int i = 0; i < 6; i++) {
      tree.file("f" + i, Site.random(i, 7 * MIB));
    }
    tree.weak.add(Tree.path("f1"));
    Site.Run run = site.run();
    site.slices = 1;
    UnitTransfer.Outcome outcome =
        site.transfer(1)
            .run(
                site.job(run, null, List.of(), Checkpoint.START),
                tree.snapshot(),
                Site.slice(3),
                Meter.NONE,
                saved -> {});
    Checkpoint gone = ((UnitTransfer.Paused) outcome).checkpoint();
    Set<EntryPath> read = Set.copyOf(tree.opened);
    assertThat(read).contains(Tree.path("f1")).hasSizeLessThan(6);
    tree.opened.clear();
    site.slices = 1;
    var job = site.job(run, null, List.of(gone.parts()), Checkpoint.START);
    var again =
        new UnitTransfer.Job(
            job.clusterId(),
            job.unit(),
            job.name(),
            job.node(),
            job.shards(),
            job.writer(),
            2,
            job.backupId(),
            "another",
            job.compression(),
            job.chunkBytes(),
            null,
            job.own(),
            Checkpoint.START);
    outcome =
        site.transfer(1).run(again, tree.snapshot(), Site.slice(ALL), Meter.NONE, saved -> {});
    assertThat(tree.opened)
        .contains(Tree.path("f1"))
        .doesNotContain(Tree.path("f0"))
        .hasSize(6 - read.size() + 1);
    site.requireEqual(((UnitTransfer.Done) outcome).record(), tree, ALL, 1);
  }

  @Test
  void zerosAreNotStored() {
    byte[] content = new byte[40 * MIB + 5];
    content[25 * MIB] = 1;
    tree.file("sparse", content);
    tree.file("small", new byte[4_000]);
    Set<String> before = site.keys("data/");
    UnitRecord record = site.backUp(tree.snapshot(), null);
    assertThat(site.keys("data/")).hasSize(before.size() + 1);
    assertThat(file(record, "sparse").extents())
        .extracting(Extent::length)
        .containsExactly(24L * MIB, 8L * MIB, 8L * MIB + 5);
    Restored restored = site.restore(record, PathFilter.ALL, ALL, 1);
    assertThat(restored.writtenBytes).isEqualTo(8L * MIB);
    site.requireEqual(record, tree, ALL, 1);
  }

  @Test
  void aBlobThatIsGoneBeforeTheEndFailsTheUnitByItsName() {
    tree.file("a", Site.random(1, 1_000));
    tree.file("b", Site.random(2, 9 * MIB));
    Site.Run run = site.run();
    site.slices = 1;
    var paused =
        (UnitTransfer.Paused)
            site.transfer(1)
                .run(
                    site.job(run, null, List.of(), Checkpoint.START),
                    tree.snapshot(),
                    Site.slice(1),
                    Meter.NONE,
                    saved -> {});
    site.store.delete(List.of(site.keys("data/").iterator().next()));
    var rest = site.job(run, null, List.of(), paused.checkpoint());
    assertThatThrownBy(
            () ->
                site.transfer(1)
                    .run(rest, tree.snapshot(), Site.slice(ALL), Meter.NONE, saved -> {}))
        .isInstanceOfSatisfying(
            PermanentFailure.class, e -> assertThat(e.kind()).isEqualTo(Kind.DAMAGED))
        .hasMessageContaining("data/demo-abcdefgh/" + site.unit() + "/" + run.writer() + ".1.0")
        .hasMessageContaining("docs/shard0");
  }

  @Test
  void anEpochThatIsUsedTwiceIsNoticed() {
    tree.file("a", Site.random(1, 1_000));
    Site.Run run = site.run();
    site.slices = 0;
    site.backUp(run, tree.snapshot(), null, List.of(), ALL, 1);
    assertThatThrownBy(() -> site.backUp(run, tree.snapshot(), null, List.of(), ALL, 1))
        .isInstanceOfSatisfying(
            PermanentFailure.class, e -> assertThat(e.kind()).isEqualTo(Kind.CONFLICT));
  }
}
