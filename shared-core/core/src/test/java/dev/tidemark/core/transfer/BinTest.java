package dev.tidemark.core.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.core.engine.BinReader;
import dev.tidemark.core.engine.Shard;
import dev.tidemark.core.engine.UnitReader;
import dev.tidemark.core.restore.PathFilter;
import dev.tidemark.core.tree.EntryPath;
import dev.tidemark.core.tree.FileMeta;
import dev.tidemark.core.tree.FileType;
import dev.tidemark.core.vault.Entry;
import dev.tidemark.core.vault.ShardEntries;
import dev.tidemark.core.vault.ShardTotals;
import dev.tidemark.core.vault.UnitRecord;
import dev.tidemark.core.vault.UnitShards;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A unit of several shards. */
class BinTest {
  private static final List<String> NAMES = List.of("b-b", "b", "a/b", "Ünicode", "empty");

  private final Site site = new Site(1, Site.SMALL_STEPS);
  private final Map<Shard, Tree> trees = new LinkedHashMap<>();

  @BeforeEach
  void fill() {
    for (String name : NAMES) {
      var tree = new Tree();
      if (!name.equals("empty")) {
        tree.folder("");
        tree.file("a-b", Site.random(name.hashCode(), 3_000));
        tree.folder("a");
        tree.file("a/b", Site.random(name.length(), 1_000));
        tree.hardlink("link", "a/b");
        tree.symlink("soft", "../../a");
        tree.file("large", Site.random(7L * name.hashCode(), 9 * Site.MIB));
      }
      trees.put(new Shard("readers", name, "n1", 1), tree);
    }
    site.shards = List.copyOf(trees.keySet());
  }

  private UnitReader reader() {
    Map<EntryPath, UnitReader> readers = new TreeMap<>();
    trees.forEach((shard, tree) -> readers.put(shard.folder().orElseThrow(), tree.snapshot()));
    return new BinReader(readers);
  }

  private Tree tree(String name) {
    return Objects.requireNonNull(trees.get(shard(name)));
  }

  private static Shard shard(String name) {
    return new Shard("readers", name, "n1", 1);
  }

  /** The root, which each shard has in a bin, and what the shard has. */
  private static Map<EntryPath, FileMeta> expected(Tree tree) {
    Map<EntryPath, FileMeta> expected = new TreeMap<>();
    var plain = new FileMeta(EntryPath.ROOT, FileType.DIRECTORY, 0, 0755, 0, 0, 0, 0, null);
    expected.put(EntryPath.ROOT, plain);
    tree.nodes.forEach((path, node) -> expected.put(path, node.meta()));
    return expected;
  }

  private void requireEqual(UnitRecord record) {
    trees.forEach((shard, tree) -> requireEqual(record, shard, tree, 3));
  }

  private void requireEqual(UnitRecord record, Shard shard, Tree tree, int ticks) {
    EntryPath folder = UnitShards.of(record).folder(shard);
    Restored restored = site.restore(record, folder, PathFilter.ALL, ticks, 1);
    assertThat(restored.ended).as(shard.shard()).isEqualTo(expected(tree));
    tree.nodes.forEach(
        (path, node) -> {
          if (node.meta().type() == FileType.FILE) {
            assertThat(restored.content(path)).as(path.toString()).isEqualTo(node.content());
          }
        });
  }

  @Test
  void everyShardComesBackAloneAsItWas() {
    UnitRecord record = site.backUp(reader(), null, 3, 1);
    assertThat(record.parts().size()).isGreaterThan(2);
    requireEqual(record);
  }

  @Test
  void entriesAreInOneFolderForEachShardAndInOrder() {
    UnitRecord record = site.backUp(reader(), null);
    List<Entry> entries = site.entries(record);
    assertThat(entries.stream().map(Entry::path)).isSorted();
    assertThat(entries.stream().map(entry -> entry.path().first().toString()).distinct())
        .containsExactly("%25C3%259Cnicode", "a%252Fb", "b", "b-b", "empty");
    assertThat(entries.stream().filter(entry -> entry.path().parent().isRoot()))
        .hasSize(NAMES.size())
        .allMatch(entry -> entry.meta().type() == FileType.DIRECTORY);
  }

  @Test
  void anUnchangedBinIsNeitherReadNorWritten() {
    UnitRecord first = site.backUp(reader(), null);
    trees.values().forEach(tree -> tree.opened.clear());
    Set<String> before = site.keys("");
    UnitRecord second = site.backUp(reader(), first);
    assertThat(site.keys("")).isEqualTo(before);
    assertThat(second.parts()).isEqualTo(first.parts());
    assertThat(trees.values()).allMatch(tree -> tree.opened.isEmpty());
    requireEqual(second);
  }

  @Test
  void ofABinOnlyTheShardsThatChangedAreReadAgain() {
    UnitRecord first = site.backUp(reader(), null);
    trees.values().forEach(tree -> tree.opened.clear());
    tree("b").file("a-b", Site.random(5, 3_000));
    Set<String> before = site.keys("data/");
    UnitRecord second = site.backUp(reader(), first);
    assertThat(site.storedSince(before)).isBetween(1L, 20_000L);
    requireEqual(second);
  }

  @Test
  void aShardThatComesAndOneThatGoesChangeTheListing() {
    UnitRecord first = site.backUp(reader(), null);
    trees.remove(shard("empty"));
    site.shards = List.copyOf(trees.keySet());
    UnitRecord without = site.backUp(reader(), first);
    assertThat(without.listing()).isNotEqualTo(first.listing());
    requireEqual(without);
    trees.put(shard("new"), new Tree());
    site.shards = List.copyOf(trees.keySet());
    UnitRecord with = site.backUp(reader(), without);
    assertThat(with.listing()).isNotEqualTo(without.listing());
    requireEqual(with);
  }

  @Test
  void oneShardIsRestoredFromThePartsThatMayHoldIt() {
    UnitRecord record = site.backUp(reader(), null, 3, 1);
    EntryPath folder = UnitShards.of(record).folder(shard("b"));
    List<String> elsewhere =
        record.parts().inline().stream()
            .filter(part -> !part.mayHold(folder))
            .map(part -> part.name())
            .toList();
    assertThat(elsewhere).isNotEmpty();
    site.store.delete(
        site.keys("parts/").stream()
            .filter(key -> elsewhere.stream().anyMatch(key::endsWith))
            .toList());
    requireEqual(record, shard("b"), tree("b"), 3);
  }

  @Test
  void aPathOfOneShardIsThatOfNoOther() {
    UnitRecord record = site.backUp(reader(), null);
    EntryPath folder = UnitShards.of(record).folder(shard("b"));
    Restored restored = site.restore(record, folder, PathFilter.of(List.of("a/b")), 100, 1);
    assertThat(restored.ended.keySet())
        .extracting(EntryPath::toString)
        .containsExactlyInAnyOrder("", "a", "a/b");
    // What the link points to is not restored, so the file is stored under the link's name.
    Restored link = site.restore(record, folder, PathFilter.of(List.of("link")), 100, 1);
    assertThat(link.content(Tree.path("link")))
        .isEqualTo(tree("b").node(Tree.path("a/b")).content());
  }

  @Test
  void shardsOfABinAreListedOneAfterTheOther() {
    UnitRecord record = site.backUp(reader(), null, 3, 1);
    List<String> seen = new ArrayList<>();
    try (ShardEntries entries = site.shardEntries(record)) {
      for (Shard shard : UnitShards.of(record).all()) {
        entries.enter(shard);
        int count = 0;
        while (entries.next() != null) {
          count++;
        }
        seen.add(shard.shard() + " " + count);
        ShardTotals.Totals totals = site.totals(record).of(shard);
        assertThat(totals.files()).isEqualTo(shard.shard().equals("empty") ? 0 : 3);
      }
    }
    assertThat(seen).containsExactly("Ünicode 7", "a/b 7", "b 7", "b-b 7", "empty 1");
    try (ShardEntries one = site.shardEntries(record, shard("b"))) {
      assertThat(Objects.requireNonNull(one.next()).path()).isEqualTo(EntryPath.ROOT);
      assertThat(Objects.requireNonNull(one.next()).path()).isEqualTo(Tree.path("a"));
    }
  }
}
