package dev.tidemark.core.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.core.restore.PathFilter;
import dev.tidemark.core.tree.EntryPath;
import dev.tidemark.core.tree.FileType;
import dev.tidemark.core.vault.Entry;
import dev.tidemark.core.vault.UnitRecord;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Trees that change while they are read. */
class LiveFilesTest {
  private static final int ALL = Integer.MAX_VALUE;
  private static final int MIB = Site.MIB;

  private final Site site = new Site(1, Limits.DEFAULT);
  private final Tree tree = new Tree();

  private Entry entry(UnitRecord record, String path) {
    return site.entries(record).stream()
        .filter(e -> e.path().equals(Tree.path(path)))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void aFileThatChangesOnceIsReadAgain() {
    for (int size : new int[] {1_000, 9 * MIB, 20 * MIB}) {
      String name = "f" + size;
      tree.file(name, Site.random(1, size));
      var reads = new AtomicInteger();
      UnitRecord record =
          site.backUp(
              tree.live(
                  path -> {
                    if (path.equals(Tree.path(name)) && reads.incrementAndGet() == 1) {
                      tree.file(name, Site.random(2, size + 10));
                    }
                  }),
              null);
      assertThat(entry(record, name).changed()).isFalse();
      assertThat(record.notes()).isEmpty();
      site.requireEqual(record, tree, ALL, 1);
    }
  }

  @Test
  void aFileThatKeepsGrowingIsStoredAsFarAsItWasReadAndSaysSo() {
    for (int size : new int[] {1_000, 8 * MIB, 20 * MIB}) {
      String name = "log";
      byte[] longest = Site.random(1, size + 1_000);
      tree.file(name, Arrays.copyOf(longest, size));
      var reads = new AtomicInteger();
      UnitRecord record =
          site.backUp(
              tree.live(
                  path -> tree.file(name, Arrays.copyOf(longest, size + reads.incrementAndGet()))),
              null);
      Entry stored = entry(record, name);
      assertThat(stored.changed()).isTrue();
      assertThat(stored.strong()).isFalse();
      assertThat(record.weak()).isEqualTo(1);
      assertThat(record.notes()).isEqualTo(Map.of("changed", 1L));
      byte[] restored = site.restore(record, PathFilter.ALL, ALL, 1).content(Tree.path(name));
      assertThat(restored).hasSize((int) stored.meta().size());
      assertThat(longest).startsWith(restored);
    }
  }

  @Test
  void aFileThatIsTruncatedWhileItIsReadKeepsWhatWasRead() {
    for (int size : new int[] {3 * MIB, 30 * MIB}) {
      byte[] whole = Site.random(1, size);
      tree.file("f", whole);
      var reads = new AtomicInteger();
      UnitRecord record =
          site.backUp(
              tree.live(
                  path ->
                      tree.file("f", Arrays.copyOf(whole, size - reads.incrementAndGet() * 100))),
              null);
      assertThat(entry(record, "f").changed()).isTrue();
      byte[] restored = site.restore(record, PathFilter.ALL, ALL, 1).content(Tree.path("f"));
      assertThat(whole).startsWith(restored);
    }
  }

  @Test
  void whatVanishesOrCannotBeReadIsNotedAndTheRestIsStored() {
    tree.file("a", Site.random(1, 100));
    tree.file("gone", Site.random(2, 100));
    tree.file("gone-large", Site.random(2, 20 * MIB));
    tree.file("locked", Site.random(3, 100));
    tree.file("z", Site.random(4, 100));
    tree.unreadable.add(Tree.path("locked"));
    UnitRecord record =
        site.backUp(
            tree.live(
                path -> {
                  tree.remove("gone");
                  if (path.equals(Tree.path("gone-large"))) {
                    tree.remove("gone-large");
                  }
                }),
            null);
    assertThat(record.notes()).isEqualTo(Map.of("vanished", 2L, "unreadable", 1L));
    assertThat(site.entries(record)).extracting(e -> e.path().toString()).containsExactly("a", "z");
  }

  @Test
  void aFileThatBecomesAFolderHasVanished() {
    tree.file("a", Site.random(1, 100));
    tree.file("b", Site.random(2, 100));
    UnitRecord record =
        site.backUp(
            tree.live(
                path -> {
                  tree.remove("b");
                  tree.folder("b");
                }),
            null);
    assertThat(record.notes()).containsOnlyKeys("vanished");
  }

  @Test
  void aUnitWithSomethingLeftOutIsLookedAtAgainAlthoughItsListingIsTheSame() {
    tree.file("a", Site.random(1, 100));
    tree.file("locked", Site.random(3, 100));
    tree.unreadable.add(Tree.path("locked"));
    UnitRecord first = site.backUp(tree.snapshot(), null);
    tree.unreadable.clear();
    UnitRecord second = site.backUp(tree.snapshot(), first);
    site.requireEqual(second, tree, ALL, 1);
  }

  @Test
  void aLinkToAFileThatVanishedBecomesTheFile() {
    tree.file("a", Site.random(1, 100));
    tree.file("first", Site.random(2, 100));
    tree.hardlink("second", "first");
    var reads = new AtomicInteger();
    UnitRecord record =
        site.backUp(
            tree.live(
                path -> {
                  if (reads.incrementAndGet() == 1) {
                    tree.remove("first");
                    tree.file("second", Site.random(2, 100));
                  }
                }),
            null);
    assertThat(entry(record, "second").meta().type()).isEqualTo(FileType.FILE);
    assertThat(site.restore(record, PathFilter.ALL, ALL, 1).content(Tree.path("second")))
        .isEqualTo(Site.random(2, 100));
  }

  @Test
  void aFileThatChangesInEverySliceIsStoredInTheEnd() {
    tree.file("busy", Site.random(1, 28 * MIB));
    var reads = new AtomicInteger();
    UnitRecord record =
        site.backUp(
            tree.live(
                path -> {
                  int n = reads.incrementAndGet();
                  if (n % 8 == 0) {
                    byte[] content = tree.node(Tree.path("busy")).content().clone();
                    content[n % content.length]++;
                    tree.file("busy", content);
                  }
                }),
            null,
            0,
            1);
    assertThat(entry(record, "busy").changed()).isTrue();
    assertThat(site.slices).isGreaterThan(5);
  }

  @Test
  void aFileThatChangedAfterItWasListedDoesNotLookUnchangedToTheNextBackup() {
    tree.file("a", Site.random(1, 100));
    tree.file("b", Site.random(2, 100));
    UnitRecord first =
        site.backUp(
            tree.live(
                path -> {
                  if (path.equals(Tree.path("b"))) {
                    EntryPath a = Tree.path("a");
                    if (tree.node(a).content().length == 100) {
                      tree.file("a", Site.random(3, 101));
                    }
                  }
                }),
            null);
    UnitRecord second = site.backUp(tree.snapshot(), first);
    site.requireEqual(second, tree, ALL, 1);
  }
}
