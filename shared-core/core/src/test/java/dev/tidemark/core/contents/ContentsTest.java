package dev.tidemark.core.contents;

import static dev.tidemark.core.vault.SampleVault.CLUSTER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.core.contents.BackupDiff.Change;
import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.tree.EntryPath;
import dev.tidemark.core.vault.Manifest;
import dev.tidemark.core.vault.SampleVault;
import dev.tidemark.core.vault.Vault;
import dev.tidemark.core.vault.VaultKeys;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

class ContentsTest {
  private final SampleVault sample = new SampleVault();
  private final Vault vault = sample.vault();

  @Test
  void entriesAreListedByUnitAndPrefix() {
    assertThat(list(unit -> true, "")).hasSize(19).contains("docs/b: kept", "docs/a: ");
    assertThat(list("docs/a"::equals, "sub"))
        .containsExactly("docs/a: sub", "docs/a: sub/one", "docs/a: sub/two");
    assertThat(list("docs/a"::equals, "sub/two")).containsExactly("docs/a: sub/two");
    assertThat(list("docs/a"::equals, "absent")).isEmpty();
    assertThat(list("docs/long"::equals, "p2".repeat(1_200))).hasSize(1);
    assertThatThrownBy(() -> list("docs/x"::equals, ""))
        .isInstanceOf(PermanentFailure.class)
        .hasMessageContaining("no such shard");
  }

  @Test
  void onlyThePartsThatMayHoldAPrefixAreRead() {
    String unit = VaultKeys.unit("docs/a");
    sample.store.objects.remove(VaultKeys.part(CLUSTER, unit, "writer000001.1.0"));
    assertThat(list("docs/a"::equals, "sub")).hasSize(3);
  }

  @Test
  void theDifferenceOfTwoBackupsNamesEveryChange() {
    var changes = new ArrayList<String>();
    BackupDiff.Summary summary =
        new BackupDiff(vault)
            .compare(manifest("b1"), manifest("b2"), change -> changes.add(name(change)));
    assertThat(changes)
        .containsExactlyInAnyOrder(
            "REMOVED docs/b: gone",
            "ADDED docs/b: new",
            "CONTENT docs/b: other",
            "REMOVED docs/long: " + "p0".repeat(1_200),
            "REMOVED docs/long: " + "p1".repeat(1_200),
            "REMOVED docs/long: " + "p2".repeat(1_200),
            "REMOVED docs/long: " + "p3".repeat(1_200));
    assertThat(summary).isEqualTo(new BackupDiff.Summary(1, 2));
  }

  @Test
  void aBackupDoesNotDifferFromItself() {
    var changes = new ArrayList<Change>();
    new BackupDiff(vault).compare(manifest("b2"), manifest("b2"), changes::add);
    assertThat(changes).isEmpty();
  }

  @Test
  void statisticsCountWhatIsStoredOnceAndUsedTwice() {
    List<VaultStats.OfCluster> clusters = new VaultStats(vault).clusters();
    assertThat(clusters).hasSize(1);
    VaultStats.OfCluster stats = clusters.get(0);
    assertThat(stats.clusterId()).isEqualTo(CLUSTER);
    assertThat(stats.backups()).isEqualTo(2);
    assertThat(stats.deletedBackups()).isEqualTo(1);
    assertThat(stats.logical())
        .isEqualTo(manifest("b1").header().bytes() + manifest("b2").header().bytes());
    assertThat(stats.unreferenced()).isZero();
    assertThat(stats.compression()).isGreaterThan(10);
    assertThat(stats.reuse()).isBetween(2.0, 4.0);
    assertThat(stats.kinds().keySet())
        .containsExactly("backups", "data", "deleted", "index", "notes", "owners", "parts");
    assertThat(vault.clusters()).containsExactly(CLUSTER);
  }

  private List<String> list(Predicate<String> units, String below) {
    var found = new ArrayList<String>();
    new BackupContents(vault)
        .entries(
            manifest("b1"),
            units,
            EntryPath.parse(below),
            item -> found.add(item.shard() + ": " + item.entry().path()));
    return found;
  }

  private static String name(Change change) {
    var entry = change.after() == null ? change.before() : change.after();
    return change.kind() + " " + change.shard() + ": " + (entry == null ? "" : entry.path());
  }

  private Manifest manifest(String backup) {
    return vault.manifest(CLUSTER, backup).orElseThrow();
  }
}
