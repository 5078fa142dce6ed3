package dev.tidemark.journey.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.contract.fault.Fault.When;
import dev.tidemark.contract.fault.FaultPlan;
import dev.tidemark.core.contents.BackupContents;
import dev.tidemark.core.flow.BinSettings;
import dev.tidemark.core.flow.CatalogRebuilder;
import dev.tidemark.core.flow.FlowSettings;
import dev.tidemark.core.flow.RestoreRequest;
import dev.tidemark.core.flow.RunView;
import dev.tidemark.core.flow.Status;
import dev.tidemark.core.vault.Manifest;
import dev.tidemark.core.vault.UnitRecord;
import dev.tidemark.core.vault.Vault;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Bins of small tenants while something else happens to them, to their run, or to the table. */
class BinsUnderWayTest {
  private static final int TENANTS = 24;
  private static final int MOST_STEPS = 400;

  private static final FlowSettings BINS =
      World.SETTINGS.withLaneUnits(100).withBins(new BinSettings(20_000, 200_000, 12, 8));

  private World world = tenants(Setting.calm());
  private Operator operator = new Operator(world);

  private static World tenants(Setting setting) {
    World tenants = new World(setting).cluster("c1").with(BINS);
    tenants.shards("c1").tenants(0, TENANTS);
    tenants.pause(Duration.ofMinutes(5));
    return tenants;
  }

  private void begin(Setting setting) {
    world = tenants(setting);
    operator = new Operator(world);
  }

  private RunView seal(String id) {
    RunView run = operator.settled(operator.backup("c1", id).run());
    requireSuccess(run);
    world.pause(Duration.ofMinutes(5));
    return run;
  }

  private static void requireSuccess(RunView run) {
    assertThat(run.status()).as(run.error()).isEqualTo(Status.SUCCESS);
  }

  private void requireNothingLost() {
    assertThat(new Auditor(world).findings()).isEmpty();
    assertThat(world.engine("c1").holdings().nothing()).isTrue();
  }

  private Manifest manifest(String id) {
    Vault vault = Vault.open(world.store);
    return vault.manifest(vault.clusters().get(0), id).orElseThrow();
  }

  private Map<String, UnitRecord> units(String id) {
    Map<String, UnitRecord> units = new TreeMap<>();
    new BackupContents(Vault.open(world.store))
        .units(manifest(id), unit -> units.put(unit.name(), unit));
    return units;
  }

  private long bins(String id) {
    return units(id).values().stream().filter(unit -> unit.shards().size() > 1).count();
  }

  private static RestoreRequest beside(String id, String suffix) {
    return restore(id, List.of("delta"), List.of(), Map.of(), suffix);
  }

  private static RestoreRequest restore(
      String id,
      List<String> include,
      List<String> exclude,
      Map<String, String> rename,
      String suffix) {
    return new RestoreRequest(
        "c1", null, null, id, include, exclude, List.of(), rename, Map.of(), suffix, "", false);
  }

  private void requireRestored(String collection, int... without) {
    List<Integer> missing = new ArrayList<>();
    for (int i = 0; i < TENANTS; i++) {
      Map<String, String> found = now(collection, i);
      if (found.isEmpty()) {
        missing.add(i);
      } else {
        assertThat(found).as("t" + i).isEqualTo(now("delta", i));
      }
    }
    assertThat(missing).containsExactlyElementsOf(Arrays.stream(without).boxed().toList());
  }

  private Map<String, String> now(String collection, int tenant) {
    return Shards.now(world.engine("c1"), new Shards.Name(collection, "t" + tenant));
  }

  @Test
  void tenantsAreLeftOutOfARestoreAndTheOthersGetANewName() {
    seal("base");
    List<String> others = List.of("alpha", "beta", "gamma", "delta/t5", "delta/t17");
    RestoreRequest wish = restore("base", List.of(), others, Map.of("delta", "epsilon"), "");
    requireSuccess(operator.settled(operator.restore(wish).run()));
    requireRestored("epsilon", 5, 17);
    requireNothingLost();
  }

  @Test
  void aBackupOfTenantsOneByOneIsABaseOfBins() {
    world.with(BINS.withBins(BinSettings.NONE));
    seal("single");
    assertThat(bins("single")).isZero();
    world.with(BINS);
    RunView next = seal("binned");
    assertThat(manifest("binned").header().base()).isEqualTo("single");
    assertThat(bins("binned")).isPositive();
    assertThat(next.units()).isLessThan(units("single").size());
    seal("again");
    assertThat(manifest("again").header().stored()).isZero();
    requireSuccess(operator.settled(operator.restore(beside("single", "-single")).run()));
    requireSuccess(operator.settled(operator.restore(beside("again", "-again")).run()));
    requireRestored("delta-single");
    requireRestored("delta-again");
    requireNothingLost();
  }

  @Test
  void aBaseOfBinsIsOneToARebuiltTable() {
    seal("base");
    world.loseTable();
    world.attack(FaultPlan.none());
    assertThat(new CatalogRebuilder(world.worker().platform(world, "d1")).rebuild("main").backups())
        .isEqualTo(1);
    world.shards("c1").change(new Shards.Name("delta", "t3"), 1);
    seal("next");
    assertThat(units("next").keySet()).isEqualTo(units("base").keySet());
    assertThat(units("next").values().stream().filter(unit -> unit.stored() > 0)).hasSize(1);
    requireSuccess(operator.settled(operator.restore(beside("next", "-copy")).run()));
    requireRestored("delta-copy");
  }

  @Test
  void whereverABackupIsCancelledNoTenantIsHeld() {
    boolean over = false;
    int held = 0;
    for (int step = 1; !over; step += 4) {
      assertThat(step).isLessThan(MOST_STEPS);
      begin(Setting.calm().with(Setting.Host.CLOUD).withCallsPerSlice(20));
      String run = operator.backup("c1", "all-new").run();
      for (int i = 0; i < step; i++) {
        world.step();
      }
      held += world.engine("c1").holdings().snapshots().size() > 1 ? 1 : 0;
      operator.cancelIfPossible(run);
      world.settle();
      Status end = operator.run(run).status();
      assertThat(end).isIn(Status.CANCELED, Status.SUCCESS);
      over = end == Status.SUCCESS;
      requireNothingLost();
    }
    assertThat(held).isPositive();
  }

  @Test
  void plannersWhoSawOtherTenantsMakeOneBackup() {
    int planners = 0;
    for (int create = 1; create <= 3; create++) {
      begin(Setting.calm());
      String[] run = {""};
      boolean[] slept = {false};
      world.pauseAt(
          "BlobStore.create",
          create,
          When.BEFORE,
          () -> {
            slept[0] = true;
            world.shards("c1").tenants(TENANTS, TENANTS + 30);
            world.pause(Duration.ofMinutes(30));
            world.othersWorkUntil(() -> operator.run(run[0]).status().terminal());
          });
      run[0] = operator.backup("c1", "b" + create).run();
      world.settle();
      planners += slept[0] ? 1 : 0;
      requireSuccess(operator.run(run[0]));
      assertThat((long) units("b" + create).size()).isEqualTo(operator.run(run[0]).units());
      Map<String, String> unitOf = new TreeMap<>();
      units("b" + create)
          .forEach(
              (name, unit) ->
                  unit.shards()
                      .forEach(
                          shard -> assertThat(unitOf.put(shard.canonicalName(), name)).isNull()));
      requireNothingLost();
    }
    assertThat(planners).isEqualTo(3);
  }

  @Test
  void aBinWhoseSnapshotsAreLostInTheMiddleIsOfLaterOnesAndWhole() {
    boolean over = false;
    for (int step = 4; !over; step += 4) {
      assertThat(step).isLessThan(MOST_STEPS);
      begin(Setting.calm().with(Setting.Host.CLOUD).withCallsPerSlice(20));
      String run = operator.backup("c1", "all-new").run();
      for (int i = 0; i < step; i++) {
        world.step();
      }
      over = operator.run(run).status().terminal();
      world.engine("c1").expireSnapshots();
      for (int i = 0; i < TENANTS; i += 5) {
        world.shards("c1").change(new Shards.Name("delta", "t" + i), 7);
      }
      world.settle();
      requireSuccess(operator.run(run));
      requireNothingLost();
    }
  }

  @Test
  void whatTheTargetLosesOfARestoreOutOfBinsIsWrittenAgain() {
    boolean over = false;
    for (int step = 6; !over; step += 12) {
      assertThat(step).isLessThan(MOST_STEPS);
      begin(Setting.calm().with(Setting.Host.CLOUD).withCallsPerSlice(20));
      seal("base");
      String run = operator.restore(beside("base", "-copy")).run();
      for (int i = 0; i < step; i++) {
        world.step();
      }
      RunView then = operator.run(run);
      // Of what is lost once all of it was found there, the restore says that it has to start
      // again.
      over = then.status() != Status.STARTED && then.done() == then.units();
      if (!over) {
        world.engine("c1").loseBegun();
      }
      requireSuccess(operator.settled(run));
      requireRestored("delta-copy");
      requireNothingLost();
    }
  }
}
