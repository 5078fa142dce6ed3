package dev.tidemark.journey.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.core.contents.BackupContents;
import dev.tidemark.core.contents.BackupDiff;
import dev.tidemark.core.engine.Shard;
import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.flow.BinSettings;
import dev.tidemark.core.flow.RestorePreview;
import dev.tidemark.core.flow.RestoreRequest;
import dev.tidemark.core.flow.RunView;
import dev.tidemark.core.flow.Status;
import dev.tidemark.core.tree.EntryPath;
import dev.tidemark.core.vault.Manifest;
import dev.tidemark.core.vault.UnitRecord;
import dev.tidemark.core.vault.Vault;
import dev.tidemark.core.verify.Finding;
import dev.tidemark.core.verify.Known;
import dev.tidemark.core.verify.Level;
import dev.tidemark.core.verify.Progress;
import dev.tidemark.core.verify.VaultVerifier;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** A collection of many small tenants, and what people get of it. */
class ManyTenantsTest {
  private static final int TENANTS = 60;

  private final World world =
      new World(Setting.calm())
          .cluster("c1")
          .with(
              World.SETTINGS.withLaneUnits(100).withBins(new BinSettings(20_000, 200_000, 12, 8)));
  private final Operator operator = new Operator(world);
  private final Shards shards = world.shards("c1");

  ManyTenantsTest() {
    shards.tenants(0, TENANTS);
    settle();
  }

  private void settle() {
    world.pause(java.time.Duration.ofMinutes(5));
  }

  private RunView seal(String id) {
    RunView run = operator.settled(operator.backup("c1", id).run());
    assertThat(run.status()).as(run.error()).isEqualTo(Status.SUCCESS);
    settle();
    assertThat(new Auditor(world).findings()).isEmpty();
    return run;
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

  private static String binOf(String tenant, Map<String, UnitRecord> units) {
    return units.values().stream()
        .filter(unit -> unit.shards().stream().anyMatch(shard -> shard.shard().equals(tenant)))
        .filter(unit -> unit.name().startsWith("delta/"))
        .map(UnitRecord::name)
        .findFirst()
        .orElse("");
  }

  private static Shards.Name tenant(int number) {
    return new Shards.Name("delta", "t" + number);
  }

  private static RestoreRequest restore(List<String> include, List<String> paths, String suffix) {
    return new RestoreRequest(
        "c1", null, null, "base", include, List.of(), paths, Map.of(), Map.of(), suffix, "", false);
  }

  private void requireRestored(RestoreRequest request) {
    RunView run = operator.settled(operator.restore(request).run());
    assertThat(run.status()).as(run.error()).isEqualTo(Status.SUCCESS);
  }

  private Map<String, String> now(String collection, String tenant) {
    return Shards.now(world.engine("c1"), new Shards.Name(collection, tenant));
  }

  @Test
  void manyTenantsAreFewUnitsAndEachComesBackAsItWas() {
    RunView run = seal("base");
    assertThat(run.units()).isBetween(5L + TENANTS / 12, 5L + TENANTS / 4);
    long data = world.store.list("data/", null, 1_000).size();
    assertThat(data).isLessThan(2 * run.units());
    requireRestored(restore(List.of("delta"), List.of(), "-copy"));
    for (int i = 0; i < TENANTS; i++) {
      assertThat(now("delta-copy", "t" + i)).isNotEmpty().isEqualTo(now("delta", "t" + i));
    }
    assertThat(new Auditor(world).findings()).isEmpty();
  }

  @Test
  void whereTwoTenantsChangeOnlyTheirBinsMove() {
    seal("base");
    Map<String, UnitRecord> before = units("base");
    shards.change(tenant(3), 1);
    shards.change(tenant(44), 1);
    settle();
    seal("next");
    Map<String, UnitRecord> after = units("next");
    assertThat(after.keySet()).isEqualTo(before.keySet());
    List<String> changed = List.of(binOf("t3", after), binOf("t44", after));
    after.forEach(
        (name, unit) -> {
          UnitRecord was = before.get(name);
          assertThat(unit.stored() > 0).as(name).isEqualTo(changed.contains(name));
          assertThat(unit.listing().equals(was.listing())).isNotEqualTo(changed.contains(name));
          assertThat(unit.parts().equals(was.parts())).isNotEqualTo(changed.contains(name));
        });
  }

  @Test
  void whatLeavesItsBinIsStoredOnceMoreAndNothingIsLost() {
    seal("base");
    Map<String, UnitRecord> before = units("base");
    shards.grow(tenant(1));
    world.engine("c1").shard("delta", "t2", "n2");
    shards.drop(tenant(3));
    shards.tenants(TENANTS, TENANTS + 1);
    settle();
    seal("next");
    Map<String, UnitRecord> after = units("next");
    assertThat(binOf("t1", after)).isEqualTo("delta/t1");
    assertThat(binOf("t2", after)).isEqualTo("delta/t2");
    assertThat(binOf("t3", after)).isEmpty();
    long kept = before.keySet().stream().filter(after::containsKey).count();
    assertThat(kept).isGreaterThanOrEqualTo(before.size() - 2L);
    RunView third = seal("all-third");
    assertThat(units("all-third").keySet()).isEqualTo(after.keySet());
    assertThat(manifest("all-third").header().stored()).as(third.id()).isZero();
  }

  @Test
  void aBinThatIsSplitShowsNoDifferenceOfItsTenants() {
    seal("base");
    shards.tenants(TENANTS, 2 * TENANTS);
    shards.change(tenant(7), 1);
    settle();
    seal("next");
    assertThat(units("next")).hasSizeGreaterThan(units("base").size());
    List<String> differences = new ArrayList<>();
    new BackupDiff(Vault.open(world.store))
        .compare(
            manifest("base"),
            manifest("next"),
            change -> {
              if (change.before() != null) {
                differences.add(change.kind() + " " + change.shard());
              } else {
                assertThat(change.kind()).isEqualTo(BackupDiff.Kind.ADDED);
              }
            });
    assertThat(differences).isNotEmpty().allMatch(each -> each.endsWith(" delta/t7"));
  }

  @Test
  void aTenantThatIsGoneIsADifference() {
    seal("base");
    shards.drop(tenant(5));
    settle();
    seal("next");
    List<String> differences = new ArrayList<>();
    new BackupDiff(Vault.open(world.store))
        .compare(
            manifest("base"),
            manifest("next"),
            change -> differences.add(change.kind() + " " + change.shard()));
    assertThat(differences).hasSize(now("delta", "t6").size()).containsOnly("REMOVED delta/t5");
  }

  @Test
  void contentsAreListedByTenant() {
    seal("base");
    Map<String, String> listed = new TreeMap<>();
    new BackupContents(Vault.open(world.store))
        .entries(
            manifest("base"),
            "delta/t9"::equals,
            EntryPath.ROOT,
            item -> listed.put(item.entry().path().toString(), item.shard()));
    assertThat(listed.keySet()).isEqualTo(now("delta", "t9").keySet());
    assertThat(listed.values()).containsOnly("delta/t9");
  }

  @Test
  void oneTenantIsPreviewedAndRestoredAlone() {
    seal("base");
    RestoreRequest wish = restore(List.of("delta/t17"), List.of(), "-copy");
    RestorePreview preview = world.worker().dispatcher().preview(wish);
    assertThat(preview.units()).hasSize(1);
    RestorePreview.Line line = preview.units().get(0);
    assertThat(line.name()).isEqualTo("delta/t17");
    Map<String, String> content = now("delta", "t17");
    assertThat(line.files())
        .isEqualTo(content.values().stream().filter(what -> what.startsWith("file ")).count());
    assertThat(line.bytes()).isBetween(3_000L, 5_000L);
    requireRestored(wish);
    assertThat(now("delta-copy", "t17")).isEqualTo(content);
    assertThat(world.engine("c1").shardNames())
        .filteredOn(name -> name.contains("-copy"))
        .containsExactly("delta-copy/t17");
  }

  @Test
  void onePathOfOneTenantIsRestoredAndAMissingOneIsNamed() {
    seal("base");
    requireRestored(restore(List.of(), List.of("delta/t17/a/b"), "-copy"));
    assertThat(now("delta-copy", "t17").keySet()).containsExactly("", "a", "a/b");
    assertThatThrownBy(
            () -> operator.restore(restore(List.of(), List.of("delta/t17/no-such"), "-other")))
        .isInstanceOf(PermanentFailure.class)
        .hasMessageContaining("delta/t17/no-such");
  }

  @Test
  void damageNamesTheTenantsThatItCosts() {
    seal("base");
    UnitRecord bin = units("base").get(binOf("t30", units("base")));
    Vault vault = Vault.open(world.store);
    String clusterId = vault.clusters().get(0);
    List<String> tenants = bin.shards().stream().map(Shard::canonicalName).toList();
    var blobs = world.store.list("data/" + clusterId + "/" + bin.unit() + "/", null, 10);
    world.store.delete(blobs.stream().map(info -> info.key()).toList());
    List<Finding> findings = verify(vault, clusterId);
    assertThat(findings).hasSize(blobs.size());
    assertThat(findings.get(0).files())
        .allMatch(file -> tenants.contains(file.shard()))
        .extracting(Finding.File::path)
        .contains("a/b");
    var parts = world.store.list("parts/" + clusterId + "/" + bin.unit() + "/", null, 10);
    world.store.delete(parts.stream().map(info -> info.key()).toList());
    assertThat(verify(vault, clusterId).get(0).files())
        .extracting(Finding.File::toString)
        .containsExactlyElementsOf(
            tenants.stream().map(tenant -> tenant + ": every file").toList());
  }

  private static List<Finding> verify(Vault vault, String clusterId) {
    return new VaultVerifier(vault)
        .verify(clusterId, "base", Level.FULL, Known.NOTHING, Progress.NONE)
        .findings();
  }

  @Test
  void rowsDoNotGrowWithTheShardsOfABin() {
    world.with(World.SETTINGS.withBins(new BinSettings(20_000, 10 << 20, 256, 8)));
    String name = "x".repeat(200);
    for (int i = 0; i < 250; i++) {
      world.engine("c1").shard("wide" + name, name + i, "n1");
    }
    settle();
    var accepted = operator.backup("c1", "wide");
    int[] largest = {0};
    int[] binned = {0};
    world.workUntil(
        () -> {
          world.rows().stream()
              .filter(row -> row.partition().startsWith("l:"))
              .forEach(
                  row -> {
                    largest[0] = Math.max(largest[0], row.body().length());
                    binned[0] += row.body().contains("//n1/") ? 1 : 0;
                  });
          return false;
        });
    assertThat(operator.run(accepted.run()).status()).isEqualTo(Status.SUCCESS);
    assertThat(binned[0]).isPositive();
    assertThat(largest[0]).isLessThan(8 << 10);
  }
}
