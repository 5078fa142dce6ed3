package dev.tidemark.journey.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.contract.fault.Call;
import dev.tidemark.contract.fault.Fault;
import dev.tidemark.contract.fault.FaultPlan;
import dev.tidemark.core.contents.BackupContents;
import dev.tidemark.core.flow.BinSettings;
import dev.tidemark.core.flow.FlowSettings;
import dev.tidemark.core.flow.RestoreRequest;
import dev.tidemark.core.flow.RunView;
import dev.tidemark.core.flow.Status;
import dev.tidemark.core.flow.VerifyRequest;
import dev.tidemark.core.state.Row;
import dev.tidemark.core.vault.Manifest;
import dev.tidemark.core.vault.UnitRecord;
import dev.tidemark.core.vault.Vault;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Shards that their owner drops after a backup was planned, and before it has read them. */
class DroppedShardsTest {
  private static final int TENANTS = 24;
  private static final FlowSettings BINS =
      World.SETTINGS.withLaneUnits(100).withBins(new BinSettings(20_000, 200_000, 12, 8));

  /** More than a backup of five units asks. */
  private static final int QUERIES = 60;

  private final World world = new World(Setting.calm()).cluster("c1").with(BINS);
  private final Operator operator = new Operator(world);
  private final List<Map<String, String>> written = new ArrayList<>();

  DroppedShardsTest() {
    world.shards("c1").tenants(0, TENANTS);
    for (int i = 0; i < TENANTS; i++) {
      written.add(Shards.now(world.engine("c1"), new Shards.Name("delta", "t" + i)));
    }
    world.pause(Duration.ofMinutes(5));
  }

  /** Backs up; before a call of a port its owner drops shards. */
  private RunView backUp(String id, String call, int number, Runnable drop) {
    world.attack(before(call, number, drop));
    RunView run = operator.settled(operator.backup("c1", id).run());
    assertThat(run.status()).as(run.error()).isEqualTo(Status.SUCCESS);
    world.attack(FaultPlan.none());
    world.pause(Duration.ofMinutes(5));
    requireNothingLost();
    return run;
  }

  private static FaultPlan before(String name, int number, Runnable happens) {
    return new FaultPlan() {
      private boolean happened;

      @Override
      public Optional<Fault> faultOf(Call call) {
        if (!happened && call.name().equals(name) && call.number() == number) {
          happened = true;
          happens.run();
        }
        return Optional.empty();
      }

      @Override
      public String toString() {
        return "shards dropped before %s #%d".formatted(name, number);
      }
    };
  }

  private void drop(String collection, int... tenants) {
    for (int tenant : tenants) {
      world.shards("c1").drop(new Shards.Name(collection, "t" + tenant));
    }
  }

  private void dropAll() {
    List<Shards.Name> names = new ArrayList<>(world.shards("c1").names());
    names.forEach(world.shards("c1")::drop);
  }

  private Manifest manifest(String id) {
    Vault vault = Vault.open(world.store);
    return vault.clusters().stream()
        .flatMap(cluster -> vault.manifest(cluster, id).stream())
        .findFirst()
        .orElseThrow();
  }

  private Map<String, UnitRecord> units(String id) {
    Map<String, UnitRecord> units = new TreeMap<>();
    new BackupContents(Vault.open(world.store))
        .units(manifest(id), unit -> units.put(unit.name(), unit));
    return units;
  }

  private List<String> missing(String id) {
    Manifest manifest = manifest(id);
    return manifest.body().index().stream()
        .filter(ref -> ref.name().endsWith(".coverage"))
        .map(ref -> Vault.open(world.store).coverage(manifest.header().clusterId(), ref))
        .flatMap(coverage -> coverage.missing().stream())
        .map(each -> each.name() + ": " + each.why())
        .toList();
  }

  private void requireNothingLost() {
    assertThat(new Auditor(world).findings()).isEmpty();
    assertThat(world.engine("c1").holdings().nothing()).isTrue();
  }

  /**
   * Restores beside what is there all tenants but those that were dropped before they were read.
   */
  private void requireRestorable(String id, Integer... without) {
    var wish =
        new RestoreRequest(
            "c1",
            null,
            null,
            id,
            List.of("delta"),
            List.of(),
            List.of(),
            Map.of("delta", id),
            Map.of(),
            "",
            "",
            false);
    RunView run = operator.settled(operator.restore(wish).run());
    assertThat(run.status()).as(run.error()).isEqualTo(Status.SUCCESS);
    for (int i = 0; i < TENANTS; i++) {
      Map<String, String> restored = Shards.now(world.engine("c1"), new Shards.Name(id, "t" + i));
      if (List.of(without).contains(i)) {
        assertThat(restored).as("t" + i).isEmpty();
      } else {
        assertThat(restored).as("t" + i).isNotEmpty().isEqualTo(written.get(i));
      }
    }
    world.engine("c1").drop(id);
  }

  @Test
  void aTenantOfABinIsNamedAndTheOthersAreInTheBackup() {
    backUp("base", "Source.snapshot", 1, () -> drop("delta", 3, 17));
    assertThat(missing("base"))
        .containsExactly(
            "delta/t17: dropped after the backup was planned, before it was read",
            "delta/t3: dropped after the backup was planned, before it was read");
    assertThat(manifest("base").header().missing()).isEqualTo(2);
    requireRestorable("base", 3, 17);
  }

  @Test
  void whatIsLeftIsABaseOfWhichNothingIsStoredAgain() {
    backUp("base", "Source.snapshot", 1, () -> drop("delta", 3, 17));
    backUp("next", "StateTable.get", 1_000_000, () -> {});
    assertThat(manifest("next").header().base()).isEqualTo("base");
    assertThat(manifest("next").header().stored()).isZero();
    assertThat(missing("next")).isEmpty();
    requireRestorable("next", 3, 17);
  }

  @Test
  void aShardThatIsAUnitIsNoUnitOfTheBackup() {
    backUp("base", "Source.snapshot", 1, () -> world.shards("c1").drop(beta()));
    assertThat(missing("base"))
        .containsExactly("beta: dropped after the backup was planned, before it was read");
    assertThat(units("base")).doesNotContainKey("beta");
    assertThat(manifest("base").header().units()).isEqualTo(units("base").size());
    assertThat(manifest("base").body().collections()).doesNotContain("beta");
    requireRestorable("base");
  }

  private static Shards.Name beta() {
    return new Shards.Name("beta", "");
  }

  @Test
  void aBinOfWhichOneOrNoneIsLeftIsWholeToo() {
    RunView before = backUp("all", "StateTable.get", 1_000_000, () -> {});
    UnitRecord bin =
        units("all").values().stream()
            .filter(unit -> unit.shards().size() > 1)
            .findFirst()
            .orElseThrow();
    int[] tenants =
        bin.shards().stream()
            .mapToInt(shard -> Integer.parseInt(shard.shard().substring(1)))
            .toArray();
    int[] most = Arrays.copyOf(tenants, tenants.length - 1);
    backUp("one", "Source.snapshot", 1, () -> drop("delta", most));
    assertThat(units("one").get(bin.name()).shards()).hasSize(1);
    requireRestorable("one", Arrays.stream(most).boxed().toArray(Integer[]::new));
    backUp("none", "Source.snapshot", 1, () -> drop("delta", tenants[tenants.length - 1]));
    assertThat(units("none")).doesNotContainKey(bin.name());
    requireRestorable("none", Arrays.stream(tenants).boxed().toArray(Integer[]::new));
    assertThat(before.units()).isEqualTo(units("all").size());
  }

  @Test
  void tenantsThatAreDroppedWhileTheyAreReadAreLeftOutOnceTheirSnapshotIsGone() {
    backUp(
        "base",
        "UnitReader.list",
        2,
        () -> {
          drop("delta", 0, 1, 2, 3, 4, 5);
          world.engine("c1").expireSnapshots();
        });
    assertThat(leftOut("base")).isNotEmpty().hasSizeLessThanOrEqualTo(6);
    requireRestorable("base", leftOut("base"));
  }

  private Integer[] leftOut(String id) {
    return missing(id).stream()
        .map(each -> Integer.valueOf(each.substring("delta/t".length(), each.indexOf(':'))))
        .toArray(Integer[]::new);
  }

  @Test
  void ofAClusterOfWhichAllIsDroppedTheBackupIsEmptyAndSaysSo() {
    int all = world.shards("c1").names().size();
    backUp("base", "Source.snapshot", 1, this::dropAll);
    assertThat(units("base")).isEmpty();
    assertThat(missing("base")).hasSize(all);
    assertThat(manifest("base").body().collections()).isEmpty();
  }

  @Test
  void whatIsLeftOfABackupIsVerifiedWhateverItsLanesHaveLost() {
    backUp("some", "Source.snapshot", 1, () -> drop("delta", 3, 17));
    requireVerified("some");
    backUp("none", "Source.snapshot", 1, this::dropAll);
    requireVerified("none");
  }

  private void requireVerified(String id) {
    RunView run =
        operator.settled(
            operator
                .verify(new VerifyRequest("c1", manifest(id).header().clusterId(), "main", id, 100))
                .run());
    assertThat(run.status()).as(run.error()).isEqualTo(Status.SUCCESS);
  }

  /** Who counted the units before others wrote what is left of them must not call any lost. */
  @Test
  void aSealerThatSleptWhileAnotherWroteTheIndexEndsNoBackup() {
    int asleep = 0;
    for (int query = 1; asleep < 3 && query <= QUERIES; query++) {
      var each = new World(Setting.calm().withCallsPerSlice(2)).cluster("c1");
      var asks = new Operator(each);
      boolean[] slept = {false};
      String[] run = {""};
      each.pauseAt(
          "StateTable.query",
          query,
          Fault.When.BEFORE,
          () -> {
            if (!run[0].isEmpty() && asks.run(run[0]).status() == Status.TRANSFERRED) {
              slept[0] = true;
              each.pause(Duration.ofMinutes(30));
              each.othersWorkUntil(() -> isIndexed(each) || asks.run(run[0]).status().terminal());
            }
          },
          before("Source.snapshot", 1, () -> each.shards("c1").drop(beta())));
      run[0] = asks.backup("c1", "b").run();
      RunView end = asks.settled(run[0]);
      assertThat(end.status())
          .as("asleep at query %d: %s", query, end.error())
          .isEqualTo(Status.SUCCESS);
      asleep += slept[0] ? 1 : 0;
    }
    assertThat(asleep).as("sealers that slept").isPositive();
  }

  private static boolean isIndexed(World world) {
    List<Row> lanes =
        world.rows().stream().filter(row -> row.sort().startsWith("lane:done:")).toList();
    return !lanes.isEmpty()
        && lanes.stream().noneMatch(row -> Auditor.text(Auditor.body(row), "index").isEmpty());
  }

  @Test
  void aClusterThatIsMadeAnewMeanwhileHasLostItsShardsAndDroppedNone() {
    world.attack(before("Source.snapshot", 1, () -> world.engine("c1").recreate()));
    RunView run = operator.settled(operator.backup("c1", "base").run());
    assertThat(run.status()).isEqualTo(Status.FAILED);
    assertThat(run.error()).contains("another one");
  }
}
