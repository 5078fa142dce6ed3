package dev.tidemark.core.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.failure.PermanentFailure.Kind;
import dev.tidemark.core.restore.PathFilter;
import dev.tidemark.core.tree.EntryPath;
import dev.tidemark.core.vault.UnitRecord;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;

class RestoreTest {
  private static final int ALL = Integer.MAX_VALUE;
  private static final int MIB = Site.MIB;

  private final Site site = new Site(1, Limits.DEFAULT);
  private final Tree tree = new Tree();

  @Test
  void aRestoreInManySlicesIsTheRestoreInOne() {
    for (long seed = 1; seed <= 8; seed++) {
      var sliced = new Site(seed, Site.SMALL_STEPS);
      Tree random = new RandomTree(seed).tree();
      UnitRecord record = sliced.backUp(random.snapshot(), null);
      for (int ticks = 0; ticks < 6; ticks++) {
        sliced.requireEqual(record, random, ticks, 1 + ticks % 3);
      }
    }
  }

  @Test
  void aLargeFileGoesOnWhereTheLastSliceEnded() {
    tree.file("large", Site.random(1, 60 * MIB));
    UnitRecord record = site.backUp(tree.snapshot(), null);
    Restored restored = site.restore(record, PathFilter.ALL, 0, 1);
    assertThat(restored.writtenBytes).isEqualTo(60L * MIB);
    assertThat(restored.content(Tree.path("large"))).isEqualTo(Site.random(1, 60 * MIB));
  }

  @Test
  void onlyWhatAFilterNamesIsRestoredWithTheFoldersAboveIt() {
    tree.folder("");
    tree.folder("a");
    tree.folder("a/b");
    tree.file("a/b/one.txt", Site.text("one"));
    tree.file("a/b/two.log", Site.text("two"));
    tree.folder("a/c");
    tree.file("a/c/three.txt", Site.text("three"));
    tree.folder("d");
    tree.file("d/four", Site.text("four"));
    tree.file("d-four", Site.text("five"));
    UnitRecord record = site.backUp(tree.snapshot(), null);
    assertThat(names(record, "a/*/*.txt"))
        .containsExactly("", "a", "a/b", "a/b/one.txt", "a/c", "a/c/three.txt");
    assertThat(names(record, "d")).containsExactly("", "d", "d/four");
    assertThat(names(record, "/a/b/", "d-*"))
        .containsExactly("", "a", "a/b", "a/b/one.txt", "a/b/two.log", "d-four");
    assertThat(names(record, "*.txt")).isEmpty();
  }

  private List<String> names(UnitRecord record, String... patterns) {
    PathFilter filter = PathFilter.of(List.of(patterns));
    List<String> whole = names(site.restore(record, filter, ALL, 1));
    assertThat(names(site.restore(record, filter, 0, 1))).isEqualTo(whole);
    return whole;
  }

  private static List<String> names(Restored restored) {
    return restored.ended.keySet().stream().map(EntryPath::toString).toList();
  }

  @Test
  void aLinkToAFileThatIsLeftOutHasItsContent() {
    byte[] content = Site.random(1, 20 * MIB);
    tree.file("a/file", content);
    tree.hardlink("b/first", "a/file");
    tree.hardlink("b/second", "a/file");
    UnitRecord record = site.backUp(tree.snapshot(), null);
    for (int ticks : new int[] {ALL, 0}) {
      Restored restored = site.restore(record, PathFilter.of(List.of("b")), ticks, 1);
      assertThat(restored.ended.keySet())
          .map(EntryPath::toString)
          .containsExactly("b/first", "b/second");
      assertThat(restored.content(Tree.path("b/first"))).isEqualTo(content);
      assertThat(restored.ended(Tree.path("b/second")).target()).isEqualTo("b/first");
    }
  }

  @Test
  void aBlobThatIsNotWhatWasStoredIsNamedWithItsFileAndNotWritten() {
    tree.file("a", Site.random(1, 9 * MIB));
    UnitRecord record = site.backUp(tree.snapshot(), null);
    String key = site.keys("data/").iterator().next();
    int size = (int) site.store.head(key).orElseThrow().size();
    byte[] bytes = new byte[size];
    site.store.read(key, 0, size).orElseThrow().get(bytes);
    bytes[size / 2]++;
    site.store.delete(List.of(key));
    site.store.create(key, List.of(ByteBuffer.wrap(bytes)));
    for (int parallelism = 1; parallelism <= 2; parallelism++) {
      int workers = parallelism;
      assertThatThrownBy(() -> site.restore(record, PathFilter.ALL, ALL, workers))
          .isInstanceOfSatisfying(
              PermanentFailure.class, e -> assertThat(e.kind()).isEqualTo(Kind.DAMAGED))
          .hasMessageContaining(key)
          .hasMessageContaining(" for a");
    }
  }

  @Test
  void manySmallFilesOfSeveralPacksComeBack() {
    for (int i = 0; i < 3_000; i++) {
      tree.file("f" + i, Site.random(i, 1_000 + i));
    }
    UnitRecord first = site.backUp(tree.snapshot(), null);
    for (int i = 0; i < 3_000; i += 7) {
      tree.file("f" + i, Site.random(-i, 1_000));
    }
    UnitRecord second = site.backUp(tree.snapshot(), first, ALL, 2);
    site.requireEqual(second, tree, ALL, 3);
  }
}
