package dev.tidemark.core.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.core.vault.UnitRecord;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RoundTripTest {
  private static final int ALL = Integer.MAX_VALUE;

  @Test
  void whatIsRestoredIsWhatWasThereInEveryBackupOfAChangingTree() {
    for (long seed = 1; seed <= 24; seed++) {
      var random = new RandomTree(seed);
      var site = new Site(seed, seed % 2 == 0 ? Limits.DEFAULT : Site.SMALL_STEPS);
      UnitRecord base = null;
      for (int backup = 0; backup < 3; backup++) {
        Tree then = random.tree().copy();
        UnitRecord record = site.backUp(then.snapshot(), base, ALL, 1 + backup % 2);
        site.requireEqual(record, then, ALL, 1 + backup % 2);
        assertThat(record.notes()).as("seed " + seed).isEqualTo(Map.of("special", 1L));
        base = record;
        random.edit();
      }
    }
  }

  @Test
  void aUnitReadInManySlicesIsTheUnitReadInOne() {
    for (long seed = 1; seed <= 4; seed++) {
      Tree tree = new RandomTree(seed).tree();
      UnitRecord whole = new Site(seed, Site.SMALL_STEPS).backUp(tree.snapshot(), null);
      for (int ticks = 0; ticks < 26; ticks += ticks < 12 ? 1 : 4) {
        var site = new Site(seed, Site.SMALL_STEPS);
        UnitRecord sliced = site.backUp(tree.snapshot(), null, ticks, 1);
        String as = "seed %d, %d ticks, %d slices".formatted(seed, ticks, site.slices);
        assertThat(sliced.root()).as(as).isEqualTo(whole.root());
        assertThat(sliced.listing()).as(as).isEqualTo(whole.listing());
        assertThat(sliced.notes()).as(as).isEqualTo(whole.notes());
        if (ticks == 0) {
          assertThat(site.slices).as(as).isGreaterThan(1);
          site.requireEqual(sliced, tree, ALL, 1);
        }
      }
    }
  }

  @Test
  void progressOverSlicesEndsAtTheTotal() {
    for (long seed = 30; seed <= 40; seed++) {
      Tree tree = new RandomTree(seed).tree();
      for (int ticks : new int[] {0, 3, ALL}) {
        var site = new Site(seed, Site.SMALL_STEPS);
        UnitRecord record = site.backUp(tree.snapshot(), null, ticks, 2);
        assertThat(site.told.done()).as("backup, seed " + seed).isEqualTo(record.bytes());
        assertThat(site.told.total()).as("backup, seed " + seed).isEqualTo(record.bytes());
        site.requireEqual(record, tree, ticks, 2);
        assertThat(site.told.done()).as("restore, seed " + seed).isEqualTo(record.bytes());
        assertThat(site.told.total()).as("restore, seed " + seed).isEqualTo(record.bytes());
      }
    }
  }

  @Test
  void aSlicedIncrementalBackupIsTheWholeOne() {
    for (long seed = 20; seed <= 24; seed++) {
      var random = new RandomTree(seed);
      Tree first = random.tree().copy();
      random.edit();
      Tree second = random.tree().copy();
      for (int ticks = 0; ticks < 8; ticks++) {
        var site = new Site(seed, Site.SMALL_STEPS);
        UnitRecord base = site.backUp(first.snapshot(), null);
        UnitRecord record = site.backUp(second.snapshot(), base, ticks, 1);
        site.requireEqual(record, second, ALL, 1);
        assertThat(record.since()).isEqualTo(1);
      }
    }
  }

  @Test
  void severalWorkersWriteTheSameUnitAsOne() {
    for (long seed = 1; seed <= 10; seed++) {
      Tree tree = new RandomTree(seed).tree();
      UnitRecord one = new Site(seed, Site.SMALL_STEPS).backUp(tree.snapshot(), null);
      UnitRecord four = new Site(seed, Site.SMALL_STEPS).backUp(tree.snapshot(), null, ALL, 4);
      assertThat(four.root()).as("seed " + seed).isEqualTo(one.root());
      assertThat(four.listing()).as("seed " + seed).isEqualTo(one.listing());
    }
  }

  @Test
  void anUnchangedUnitReadsAndWritesNothing() {
    var site = new Site(1, Limits.DEFAULT);
    Tree tree = new RandomTree(1).tree();
    UnitRecord first = site.backUp(tree.snapshot(), null);
    Set<String> before = site.keys("");
    tree.opened.clear();
    UnitRecord second = site.backUp(tree.snapshot(), first);
    assertThat(site.keys("")).isEqualTo(before);
    assertThat(tree.opened).isEmpty();
    assertThat(second.parts()).isEqualTo(first.parts());
    assertThat(second.root()).isEqualTo(first.root());
    assertThat(second.stored()).isZero();
    assertThat(second.since()).isEqualTo(1);
  }

  @Test
  void anEmptyUnitHasNoParts() {
    var site = new Site(1, Limits.DEFAULT);
    UnitRecord record = site.backUp(new Tree().snapshot(), null);
    assertThat(record.parts().size()).isZero();
    site.requireEqual(record, new Tree(), ALL, 1);
  }

  @Test
  void aUnitOfNotesAloneKeepsThem() {
    var site = new Site(1, Limits.DEFAULT);
    var tree = new Tree();
    tree.special.add(Tree.path("fifo"));
    UnitRecord record = site.backUp(tree.snapshot(), null);
    assertThat(record.notes()).isEqualTo(Map.of("special", 1L));
    assertThat(record.entries()).isZero();
  }

  @Test
  void aListOfManyPartsIsKeptInTheVaultAndCheckpointsStaySmall() {
    var site = new Site(1, new Limits(1L << 30, 2, 2));
    var tree = new Tree();
    for (int i = 0; i < 300; i++) {
      tree.file("a/long/name/that/takes/some/room/in/a/list/%04d".formatted(i), Site.random(i, 9));
    }
    UnitRecord record = site.backUp(tree.snapshot(), null, 50, 1);
    assertThat(record.parts().object()).isNotNull();
    assertThat(site.saved)
        .allSatisfy(saved -> assertThat(saved.toJson().length()).isLessThan(24 << 10))
        .allSatisfy(saved -> assertThat(Checkpoint.parse(saved.toJson())).isEqualTo(saved));
    site.requireEqual(record, tree, ALL, 1);
  }
}
