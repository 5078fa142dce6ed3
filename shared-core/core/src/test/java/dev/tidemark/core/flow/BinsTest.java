package dev.tidemark.core.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.core.engine.BinName;
import dev.tidemark.core.engine.Shard;
import dev.tidemark.core.vault.PartList;
import dev.tidemark.core.vault.UnitRecord;
import dev.tidemark.core.vault.VaultKeys;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class BinsTest {
  private static final BinSettings SETTINGS = new BinSettings(1_000, 10_000, 20, 8);

  private static List<Plan.Unit> units(List<Shard> shards, Base base) {
    return new Bins(SETTINGS, 256, base).units(shards);
  }

  /** What a backup of these units is as a base. */
  private static Base base(List<Plan.Unit> units) {
    var base = new Base();
    for (Plan.Unit unit : units) {
      base.add(
          new UnitRecord(
              unit.unit(),
              unit.name(),
              "n",
              unit.shards(),
              "",
              0,
              0,
              0,
              0,
              "",
              "",
              0,
              0,
              Map.of(),
              PartList.EMPTY),
          "lane");
    }
    return base;
  }

  private static Shard tenant(int number, long bytes) {
    return new Shard("readers", "t" + number, "n1", bytes);
  }

  private static List<Shard> tenants(int from, int to) {
    return IntStream.range(from, to).mapToObj(i -> tenant(i, 100)).toList();
  }

  private static Map<String, String> unitOf(List<Plan.Unit> units) {
    Map<String, String> unitOf = new TreeMap<>();
    for (Plan.Unit unit : units) {
      for (Shard shard : unit.shards()) {
        assertThat(unitOf.put(shard.canonicalName(), unit.name())).as(shard.toString()).isNull();
      }
    }
    return unitOf;
  }

  private static long bins(List<Plan.Unit> units) {
    return units.stream().filter(unit -> unit.shards().size() > 1).count();
  }

  private static void requireSound(List<Shard> shards, List<Plan.Unit> units) {
    assertThat(unitOf(units).keySet())
        .isEqualTo(shards.stream().map(Shard::canonicalName).collect(Collectors.toSet()));
    assertThat(units).extracting(Plan.Unit::unit).doesNotHaveDuplicates();
    for (Plan.Unit unit : units) {
      assertThat(unit.unit()).isEqualTo(VaultKeys.unit(unit.name()));
      if (unit.shards().size() == 1) {
        assertThat(unit.name()).isEqualTo(unit.shards().get(0).canonicalName());
        assertThat(BinName.parse(unit.name())).isEmpty();
        continue;
      }
      assertThat(BinName.parse(unit.name())).isPresent();
      assertThat(unit.shards()).hasSizeLessThanOrEqualTo(SETTINGS.shards());
      assertThat(unit.shards().stream().mapToLong(Shard::bytes).sum())
          .isLessThanOrEqualTo(SETTINGS.bytes());
      assertThat(unit.shards()).allMatch(shard -> shard.bytes() < SETTINGS.smallBytes());
      assertThat(unit.shards()).extracting(Shard::collection).containsOnly("readers");
      assertThat(unit.shards().stream().map(Shard::node).distinct()).hasSize(1);
      assertThat(unit.shards().stream().map(shard -> shard.folder().orElseThrow())).isSorted();
    }
  }

  @Property(tries = 200)
  void everyShardIsInOneUnitWhateverTheirOrderAndWhateverTheBaseWas(
      @ForAll long seed, @ForAll @IntRange(max = 300) int count) {
    var random = new Random(seed);
    Base base = Base.NONE;
    List<Shard> shards = new ArrayList<>();
    for (int backup = 0; backup < 4; backup++) {
      shards.removeIf(shard -> random.nextInt(5) == 0);
      Set<String> there = new HashSet<>();
      shards.forEach(shard -> there.add(shard.shard()));
      for (int i = 0; i < count; i++) {
        var shard =
            new Shard(
                "readers",
                "t" + random.nextInt(500),
                "n" + random.nextInt(2),
                random.nextInt(1_300));
        if (there.add(shard.shard())) {
          shards.add(shard);
        }
      }
      List<Plan.Unit> units = units(shards, base);
      requireSound(shards, units);
      Collections.shuffle(shards, random);
      assertThat(units(shards, base)).containsExactlyInAnyOrderElementsOf(units);
      assertThat(unitOf(units(shards, base(units))))
          .as("a base that is the same")
          .isEqualTo(unitOf(units));
      base = base(units);
    }
  }

  @Property(tries = 200)
  void aFewNewShardsMoveNoOthersThanThoseOfBinsThatAreSplit(
      @ForAll @IntRange(min = 8, max = 400) int count, @ForAll @IntRange(max = 5) int more) {
    List<Plan.Unit> before = units(tenants(0, count), Base.NONE);
    List<Plan.Unit> after = units(tenants(0, count + more), base(before));
    requireSound(tenants(0, count + more), after);
    Map<String, String> was = unitOf(before);
    Map<String, String> is = unitOf(after);
    Set<String> moved = new HashSet<>();
    was.forEach(
        (shard, unit) -> {
          if (!unit.equals(is.get(shard))) {
            moved.add(unit);
          }
        });
    assertThat(moved).hasSizeLessThanOrEqualTo(more);
    for (Plan.Unit unit : before) {
      if (moved.contains(unit.name())) {
        assertThat(unit.shards().size() == 1 || unit.shards().size() > SETTINGS.shards() - more)
            .as(unit.name())
            .isTrue();
      }
    }
  }

  @Property(tries = 100)
  void aShardThatGoesChangesNoOtherBin(
      @ForAll @IntRange(min = 21, max = 400) int count, @ForAll @IntRange(max = 400) int gone) {
    List<Shard> all = tenants(0, count);
    List<Plan.Unit> before = units(all, Base.NONE);
    List<Shard> rest = new ArrayList<>(all);
    Shard lost = rest.remove(gone % count);
    Map<String, String> was = unitOf(before);
    Map<String, String> is = unitOf(units(rest, base(before)));
    String bin = was.get(lost.canonicalName());
    Map<String, String> expected = new HashMap<>(was);
    expected.values().removeIf(unit -> unit.equals(bin));
    assertThat(is).containsAllEntriesOf(expected);
  }

  @Example
  void manyTinyShardsAreFewUnits() {
    List<Plan.Unit> units =
        new Bins(BinSettings.DEFAULT, 256, Base.NONE)
            .units(IntStream.range(0, 10_000).mapToObj(i -> tenant(i, 10_000)).toList());
    assertThat(units).hasSizeLessThan(140);
    assertThat(bins(units)).isEqualTo(units.size());
  }

  @Example
  void aFewSmallShardsAreUnitsOfTheirOwn() {
    assertThat(bins(units(tenants(0, 7), Base.NONE))).isZero();
    assertThat(bins(units(tenants(0, 8), Base.NONE))).isEqualTo(1);
  }

  @Example
  void binsThatTheBaseHasStayEvenForAFew() {
    Base base = base(units(tenants(0, 8), Base.NONE));
    assertThat(bins(units(tenants(0, 3), base))).isEqualTo(1);
    assertThat(bins(units(tenants(0, 1), base))).isZero();
  }

  @Example
  void anEngineThatGivesShardsOneByOneHasNoBins() {
    assertThat(bins(new Bins(SETTINGS, 1, Base.NONE).units(tenants(0, 100)))).isZero();
    assertThat(bins(new Bins(BinSettings.NONE, 256, Base.NONE).units(tenants(0, 100)))).isZero();
  }

  @Example
  void aShardLeavesItsBinWhereItIsNotSmallAndComesBackAtHalfOfThat() {
    List<Shard> shards = new ArrayList<>(tenants(0, 10));
    Base base = Base.NONE;
    List<Boolean> binned = new ArrayList<>();
    for (long bytes : new long[] {100, 999, 1_000, 700, 500, 499, 700, 999}) {
      shards.set(3, tenant(3, bytes));
      List<Plan.Unit> units = units(shards, base);
      binned.add(!"readers/t3".equals(unitOf(units).get("readers/t3")));
      base = base(units);
    }
    assertThat(binned).containsExactly(true, true, false, false, false, true, true, true);
  }

  @Example
  void aShardThatMovesJoinsABinOfItsNewNode() {
    List<Shard> shards = new ArrayList<>(tenants(0, 20));
    tenants(20, 40)
        .forEach(shard -> shards.add(new Shard("readers", shard.shard(), "n2", shard.bytes())));
    List<Plan.Unit> before = units(shards, Base.NONE);
    shards.set(5, new Shard("readers", "t5", "n2", 100));
    Map<String, String> was = unitOf(before);
    Map<String, String> is = unitOf(units(shards, base(before)));
    assertThat(was).containsEntry("readers/t5", "readers//n1/*");
    assertThat(is.get("readers/t5")).startsWith("readers//n2/");
    was.forEach(
        (shard, unit) -> {
          if (unit.startsWith("readers//n1/") && !shard.equals("readers/t5")) {
            assertThat(is).containsEntry(shard, unit);
          }
        });
  }

  @Example
  void binsThatAreAlmostEmptyBecomeOneAndStayThat() {
    List<Plan.Unit> many = units(tenants(0, 300), Base.NONE);
    assertThat(many).hasSizeGreaterThan(15);
    List<Plan.Unit> few = units(tenants(0, 5), base(many));
    assertThat(few).hasSize(1);
    assertThat(unitOf(units(tenants(0, 20), base(few)))).hasSize(20);
    assertThat(units(tenants(0, 20), base(few))).hasSize(1);
  }

  @Example
  void namesThatCanBeNoFoldersAreUnitsOfTheirOwn() {
    List<Shard> odd = new ArrayList<>(tenants(0, 10));
    for (String name : List.of(".", "..", "", "x".repeat(256), "\u0001".repeat(86))) {
      odd.add(new Shard("readers", name, "n1", 1));
    }
    odd.add(new Shard("readers", "a/b", "n1", 1));
    List<Plan.Unit> units = units(odd, Base.NONE);
    requireSound(odd, units);
    assertThat(units).hasSize(6);
    assertThat(unitOf(units)).containsEntry("readers/a%2Fb", "readers//n1/*");
  }

  @Example
  void noShardHasTheNameOfABin() {
    for (String collection : List.of("readers", "readers/", "readers//n1")) {
      for (String shard : List.of("", "*", "/n1/*", "//n1/*", "n1/*", "/n1/01*")) {
        String name = new Shard(collection, shard, "n1", 0).canonicalName();
        assertThat(BinName.parse(name)).as(name).isEmpty();
      }
    }
    var odd = BinName.all(new Shard("a//b/c*", "t", "n/1", 0)).with("0110");
    assertThat(BinName.parse(odd.toString())).contains(odd);
  }
}
