package dev.tidemark.core.verify;

import static dev.tidemark.core.vault.SampleVault.CLUSTER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.failure.PermanentFailure.Kind;
import dev.tidemark.core.vault.MapStore;
import dev.tidemark.core.vault.SampleVault;
import dev.tidemark.core.vault.Vault;
import dev.tidemark.core.vault.VaultKeys;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class VaultVerifierTest {
  private static final SampleVault SAMPLE = new SampleVault();

  @Test
  void aSoundVaultHasNoFindings() {
    for (String backup : List.of("b1", "b2")) {
      Report report = verify(SAMPLE.store, backup, Level.FULL);
      assertThat(report.findings()).isEmpty();
      assertThat(report.sound()).isTrue();
      assertThat(report.files()).isEqualTo(SAMPLE.contents(backup).size());
      long stored = SAMPLE.contents(backup).values().stream().mapToLong(c -> c.length).sum();
      // All but the hole of 8 MiB.
      assertThat(report.bytesRead()).isEqualTo(stored - (8 << 20));
    }
  }

  @Test
  void inSlicesItFindsAndCountsTheSameAsInOneGo() {
    for (Level level : List.of(Level.STRUCTURE, Level.sample(50, "seed-1"), Level.FULL)) {
      for (String backup : List.of("b1", "b2")) {
        assertThat(inSlices(SAMPLE.store, backup, level, Known.NOTHING))
            .isEqualTo(verify(SAMPLE.store, backup, level));
      }
    }
  }

  @Test
  void aBriefReportKeepsTheFirstFindingsAndHowManyThereAre() {
    MapStore damaged = SAMPLE.store.copy();
    damaged.objects.keySet().removeIf(key -> key.startsWith("data/"));
    Report report = verify(damaged, "b1", Level.STRUCTURE);
    Report brief = report.brief(300);
    assertThat(brief.findings()).hasSizeBetween(1, report.findings().size() - 1);
    assertThat(brief.findings().get(0).object()).isEqualTo(report.findings().get(0).object());
    assertThat(brief.findingCount()).isEqualTo(report.findingCount());
    assertThat(brief.sound()).isFalse();
  }

  @Test
  void structureReadsNoContentAndASampleSomeOfIt() {
    assertThat(verify(SAMPLE.store, "b1", Level.STRUCTURE).blobsRead()).isZero();
    long all = verify(SAMPLE.store, "b1", Level.FULL).blobsRead();
    Report sample = verify(SAMPLE.store, "b1", Level.sample(50, "seed-1"));
    assertThat(sample.blobsRead()).isPositive().isLessThan(all);
    assertThat(sample.level()).contains("50 %").contains("seed-1");
    assertThat(verify(SAMPLE.store, "b1", Level.sample(50, "seed-1"))).isEqualTo(sample);
  }

  @Test
  void aMissingObjectIsNamedWithItsFiles() {
    for (String key : reachable()) {
      MapStore damaged = SAMPLE.store.copy();
      damaged.objects.remove(key);
      requireFound(damaged, key, Level.STRUCTURE, "missing");
    }
  }

  @Test
  void aTruncatedOrLongerObjectIsNamedWithItsFiles() {
    for (String key : reachable()) {
      MapStore shorter = SAMPLE.store.copy();
      byte[] bytes = shorter.bytes(key);
      shorter.objects.put(key, Arrays.copyOf(bytes, bytes.length - 3));
      requireFound(shorter, key, Level.STRUCTURE, "truncated");

      MapStore longer = SAMPLE.store.copy();
      longer.objects.put(key, Arrays.copyOf(bytes, bytes.length + 1));
      requireFound(longer, key, Level.STRUCTURE, "longer");
    }
  }

  @Test
  void aChangedBitAnywhereIsNamedWithItsFiles() {
    for (String key : reachable()) {
      int size = SAMPLE.store.bytes(key).length;
      for (int place = 0; place < size; place += Math.max(1, size / 9)) {
        MapStore damaged = SAMPLE.store.copy();
        byte[] bytes = damaged.bytes(key);
        bytes[place] ^= (byte) (1 << (place % 8));
        requireFound(damaged, key, level(key), "bit " + place);
      }
    }
  }

  @Test
  void swappedObjectsAreNamed() {
    var keys = new ArrayList<>(reachable());
    for (int i = 0; i + 1 < keys.size(); i++) {
      String one = keys.get(i);
      String two = keys.get(i + 1);
      MapStore swapped = SAMPLE.store.copy();
      byte[] bytes = swapped.bytes(one);
      swapped.objects.put(one, swapped.bytes(two));
      swapped.objects.put(two, bytes);
      assertThat(verify(swapped, "b1", level(one)).findings())
          .as("%s and %s", one, two)
          .extracting(Finding::object)
          .containsAnyOf(one, two)
          .isSubsetOf(one, two);
    }
  }

  @Test
  void twoBlobsOfEqualSizeThatWereExchangedAreNamed() {
    // Both hold 8 MiB of one letter, so their sizes agree and only ids and digests tell them apart.
    List<String> same =
        SAMPLE.store.objects.keySet().stream()
            .filter(key -> key.startsWith(VaultKeys.dataFolder(CLUSTER, VaultKeys.unit("docs/a"))))
            .collect(Collectors.groupingBy(key -> SAMPLE.store.bytes(key).length))
            .values()
            .stream()
            .filter(group -> group.size() > 1)
            .findFirst()
            .orElseThrow();
    MapStore swapped = SAMPLE.store.copy();
    swapped.objects.put(same.get(0), SAMPLE.store.bytes(same.get(1)));
    assertThat(verify(swapped, "b1", Level.STRUCTURE).findings()).isEmpty();
    Report report = verify(swapped, "b1", Level.FULL);
    assertThat(report.findings()).extracting(Finding::object).containsExactly(same.get(0));
    assertThat(report.findings().get(0).files())
        .extracting(Finding.File::toString)
        .contains("docs/a: sparse");
  }

  @Test
  void aManifestOfAnotherBackupUnderThisKeyIsNamed() {
    MapStore damaged = SAMPLE.store.copy();
    String key = VaultKeys.manifest(CLUSTER, "b1");
    damaged.objects.put(key, SAMPLE.store.bytes(VaultKeys.manifest(CLUSTER, "b2")));
    requireFound(damaged, key, Level.STRUCTURE, "another backup's");
  }

  @Test
  void whatNothingRefersToIsMissedOnlyByWhoKnowsOfIt() {
    MapStore damaged = SAMPLE.store.copy();
    String note = VaultKeys.note(CLUSTER, "b1", 1, "suspect");
    damaged.objects.remove(note);
    assertThat(verify(damaged, "b1", Level.STRUCTURE).findings()).isEmpty();

    Known surely = known(note, Known.Certainty.WRITTEN);
    assertThat(only(damaged, surely).object()).isEqualTo(note);
    assertThat(only(damaged, surely).problem()).contains("deleted by hand").doesNotContain("never");
    Known perhaps = known(note, Known.Certainty.INTENDED);
    assertThat(only(damaged, perhaps).problem()).contains("never written").contains("by hand");
  }

  @Test
  void aManifestThatIsKnownAndGoneIsAFindingAndOneThatIsNotKnownIsNotThere() {
    MapStore damaged = SAMPLE.store.copy();
    String key = VaultKeys.manifest(CLUSTER, "b1");
    damaged.objects.remove(key);
    assertThat(only(damaged, known(key, Known.Certainty.WRITTEN)).object()).isEqualTo(key);
    assertNotFound(damaged, "b1");
    assertNotFound(SAMPLE.store, "never");
    assertNotFound(SAMPLE.store, "b0");
  }

  @Test
  void aNoteOrOwnerThatIsMissingBeforeOthersIsNamed() {
    MapStore damaged = SAMPLE.store.copy();
    damaged.objects.remove(VaultKeys.note(CLUSTER, "b2", 1, "verified"));
    damaged.objects.remove(VaultKeys.owner(CLUSTER, 1));
    assertThat(verify(damaged, "b2", Level.STRUCTURE).findings())
        .extracting(Finding::object)
        .containsExactly(
            VaultKeys.owners(CLUSTER) + "000001", VaultKeys.notes(CLUSTER, "b2") + "000001");
  }

  @Test
  void whatNothingRefersToIsNoError() {
    MapStore more = SAMPLE.store.copy();
    String unit = VaultKeys.unit("docs/a");
    more.objects.put(VaultKeys.data(CLUSTER, unit, "writer000009.1.0"), new byte[9]);
    more.objects.put(VaultKeys.part(CLUSTER, unit, "writer000009.1.0"), new byte[9]);
    assertThat(verify(more, "b1", Level.FULL).findings()).isEmpty();
  }

  /** Everything that b1 needs, and its notes and owners. */
  private static Set<String> reachable() {
    return SAMPLE.store.objects.keySet().stream()
        .filter(key -> !key.equals(VaultKeys.VAULT))
        .filter(key -> !key.startsWith("deleted/"))
        .filter(key -> !key.contains("writer000000") && !key.contains("writer000002"))
        .filter(key -> !key.contains("b0") && !key.contains("/b2"))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** The level that must find damage to an object. */
  private static Level level(String key) {
    return key.startsWith("data/") ? Level.FULL : Level.STRUCTURE;
  }

  private static void requireFound(MapStore damaged, String key, Level level, String how) {
    boolean unreferenced =
        key.startsWith("notes/") || key.startsWith("owners/") || key.startsWith("backups/");
    Known known = unreferenced ? known(key, Known.Certainty.WRITTEN) : Known.NOTHING;
    Report report =
        new VaultVerifier(Vault.open(damaged)).verify(CLUSTER, "b1", level, known, Progress.NONE);
    assertThat(report.findings()).as("%s %s", how, key).extracting(Finding::object).contains(key);
    if (how.equals("missing") || how.equals("bit 0")) {
      assertThat(inSlices(damaged, "b1", level, known)).as("%s %s", how, key).isEqualTo(report);
    }
    Finding finding =
        report.findings().stream().filter(f -> f.object().equals(key)).findFirst().orElseThrow();
    assertThat(finding.problem()).as(key).isNotBlank();
    if (key.startsWith("data/")) {
      assertThat(paths(finding)).as("%s %s", how, key).isNotEmpty().isSubsetOf(filesOf(key));
    } else if (key.startsWith("parts/") || key.contains("lane-")) {
      assertThat(finding.fileCount()).as("%s %s", how, key).isPositive();
    }
  }

  /** The same by as many slices as there are steps, each with a checkpoint that was stored. */
  private static Report inSlices(MapStore store, String backup, Level level, Known known) {
    Checkpoint at = Checkpoint.start(CLUSTER, backup, level);
    for (int slices = 0; slices < 1_000; slices++) {
      var verifier = new VaultVerifier(Vault.open(store));
      Checkpoint next = verifier.verify(at, level, known, Progress.NONE, here -> true);
      if (next.done()) {
        // Who crashed after the end was stored comes again.
        assertThat(verifier.verify(next, level, known, Progress.NONE, here -> true))
            .isEqualTo(next);
        return next.report();
      }
      assertThat(next).isNotEqualTo(at);
      at = next;
    }
    throw new AssertionError("no end of " + at);
  }

  /** Which files lose content with a blob, by asking what changes when it is gone. */
  private static Set<String> filesOf(String blob) {
    MapStore without = SAMPLE.store.copy();
    without.objects.remove(blob);
    return verify(without, "b1", Level.STRUCTURE).findings().stream()
        .flatMap(finding -> paths(finding).stream())
        .collect(Collectors.toSet());
  }

  private static Set<String> paths(Finding finding) {
    return finding.files().stream().map(Finding.File::toString).collect(Collectors.toSet());
  }

  private static Finding only(MapStore store, Known known) {
    List<Finding> findings =
        new VaultVerifier(Vault.open(store))
            .verify(CLUSTER, "b1", Level.STRUCTURE, known, Progress.NONE)
            .findings();
    assertThat(findings).hasSize(1);
    return findings.get(0);
  }

  private static Known known(String key, Known.Certainty certainty) {
    return (clusterId, backupId) -> List.of(new Known.Expected(key, certainty));
  }

  private static Report verify(MapStore store, String backup, Level level) {
    return new VaultVerifier(Vault.open(store))
        .verify(CLUSTER, backup, level, Known.NOTHING, Progress.NONE);
  }

  private static void assertNotFound(MapStore store, String backup) {
    assertThat(catchThrowable(() -> verify(store, backup, Level.STRUCTURE)))
        .isInstanceOfSatisfying(
            PermanentFailure.class,
            failure -> assertThat(failure.kind()).isEqualTo(Kind.NOT_FOUND));
  }

  @Test
  void aPercentageOutOfRangeIsRefused() {
    assertThatThrownBy(() -> Level.sample(101, "")).isInstanceOf(IllegalArgumentException.class);
  }
}
