package dev.tidemark.journey.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.contract.fault.Fault;
import dev.tidemark.contract.fault.FaultPlan;
import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.flow.Accepted;
import dev.tidemark.core.flow.BackupRequest;
import dev.tidemark.core.flow.BinSettings;
import dev.tidemark.core.flow.FlowSettings;
import dev.tidemark.core.flow.PolicySlot;
import dev.tidemark.core.flow.PolicySlot.Outcome;
import dev.tidemark.core.flow.PolicySlot.Taken;
import dev.tidemark.core.flow.Register;
import dev.tidemark.core.flow.RestorePreview;
import dev.tidemark.core.flow.RestoreRequest;
import dev.tidemark.core.flow.RunView;
import dev.tidemark.core.flow.SlotView;
import dev.tidemark.core.flow.Status;
import dev.tidemark.core.flow.VerifyRequest;
import dev.tidemark.core.state.Commit;
import dev.tidemark.core.state.Row;
import dev.tidemark.core.vault.Tombstone;
import dev.tidemark.core.vault.Vault;
import dev.tidemark.core.verify.Finding;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What people get for what they ask, right or wrong. */
class FlowTest {
  private final World world = new World(Setting.calm()).cluster("c1");
  private final Operator operator = new Operator(world);

  @Test
  void theSameRequestGetsTheSameAnswer() {
    BackupRequest request = BackupRequest.of("c1").withId("nightly");
    Accepted first = operator.backup(request);
    Accepted again = operator.backup(request);
    assertThat(again.run()).isEqualTo(first.run());
    assertThat(first.fresh()).isTrue();
    assertThat(again.fresh()).isFalse();
    world.settle();
    assertThat(operator.backup(request).status()).isEqualTo(Status.SUCCESS);
    assertThat(operator.runs("c1")).hasSize(1);
  }

  @Test
  void anotherRequestWithAnIdInUseIsRefused() {
    seal("nightly");
    var other =
        new BackupRequest(
            "c1", null, "nightly", List.of("alpha"), List.of(), null, Map.of(), null, null, null);
    refused(PermanentFailure.Kind.CONFLICT, () -> operator.backup(other), "nightly", "another id");
  }

  @Test
  void aSecondRunIsToldWhoHoldsTheCluster() {
    Accepted holder = operator.backup("c1", "first");
    refused(
        PermanentFailure.Kind.CONFLICT,
        () -> operator.backup("c1", "second"),
        holder.run(),
        "first");
    world.settle();
    operator.backup("c1", "second");
    refused(
        PermanentFailure.Kind.CONFLICT,
        () -> operator.restore(restore("first", "-copy", false)),
        "second");
  }

  @Test
  void whatDoesNotExistIsNamed() {
    refused(PermanentFailure.Kind.NOT_FOUND, () -> operator.backup("c9", "b"), "c9", "c1");
    refused(
        PermanentFailure.Kind.NOT_FOUND,
        () ->
            operator.backup(
                new BackupRequest(
                    "c1",
                    "elsewhere",
                    "b",
                    List.of(),
                    List.of(),
                    null,
                    Map.of(),
                    null,
                    null,
                    null)),
        "elsewhere",
        "main");
    refused(
        PermanentFailure.Kind.NOT_FOUND,
        () -> operator.backup(including(List.of("delta*"), List.of())),
        "delta*",
        "alpha, beta, gamma");
    refused(
        PermanentFailure.Kind.NOT_FOUND,
        () -> operator.restore(RestoreRequest.of("c1", "never")),
        "never");
    refused(PermanentFailure.Kind.NOT_FOUND, () -> operator.cancel("c1.nosuchrun000"), "nosuchrun");
    refused(PermanentFailure.Kind.NOT_FOUND, () -> operator.resume("c1.nosuchrun000"), "nosuchrun");
  }

  @Test
  void malformedRequestsAreRefused() {
    refused(
        PermanentFailure.Kind.INVALID,
        () -> operator.backup(including(List.of("alpha"), List.of("beta"))),
        "include",
        "exclude");
    refused(
        PermanentFailure.Kind.INVALID,
        () -> operator.backup("c1", "Not An Id"),
        "Not An Id",
        "a-z");
    refused(
        PermanentFailure.Kind.INVALID,
        () ->
            operator.backup(
                new BackupRequest(
                    "c1", null, "b", List.of(), List.of(), null, Map.of(), null, null, 1)),
        "2 to 512");
    refused(
        PermanentFailure.Kind.INVALID,
        () ->
            operator.backup(
                new BackupRequest(
                    "c1", null, "b", List.of(), List.of(), null, Map.of(), null, "tight", null)),
        "tight");
  }

  @Test
  void onlyWhatWasSelectedIsBackedUp() {
    operator.settled(operator.backup(including(List.of("a*", "gamma"), List.of())).run());
    assertThat(contentOf("selected").keySet())
        .extracting(Shards.Name::collection)
        .containsOnly("alpha", "gamma");
  }

  @Test
  void aBaseMustBeASealedBackupOfTheSameClusterAndVault() {
    refused(
        PermanentFailure.Kind.NOT_FOUND, () -> operator.backup(onBase("none-such")), "none-such");
    String run = operator.backup("c1", "gone").run();
    operator.cancel(run);
    world.settle();
    refused(PermanentFailure.Kind.CONFLICT, () -> operator.backup(onBase("gone")), "CANCELED");
    seal("good");
    world.cluster("c2");
    refused(
        PermanentFailure.Kind.NOT_FOUND,
        () ->
            operator.backup(
                new BackupRequest(
                    "c2", null, "b", List.of(), List.of(), "good", Map.of(), null, null, null)),
        "good");
    mark("good", "DELETED");
    refused(PermanentFailure.Kind.CONFLICT, () -> operator.backup(onBase("good")), "DELETED");
  }

  @Test
  void aBackupWithoutBaseReadsAll() {
    seal("first");
    operator.settled(operator.backup(onBase("none")).run());
    var summary = Auditor.body(row("backup:main:on-base")).path("summary");
    assertThat(summary.has("base")).isFalse();
    assertThat(summary.path("stored").asLong()).isPositive();
  }

  @Test
  void whatIsTooLateToBeResumedIsToldTheWindowToTheSecond() {
    world.with(World.SETTINGS.withResumeWindow(Duration.ofSeconds(45)));
    world.attack(FaultPlan.always("Source.open", Fault.refuse()));
    String run = operator.settled(operator.backup("c1", "broken").run()).id();
    refused(PermanentFailure.Kind.CONFLICT, () -> operator.resume(run), "window of 45s is over");
  }

  @Test
  void aBackupWhoseSnapshotsAreAlwaysGoneTooSoonFailsAndSaysSo() {
    world.engine("c1").timeToLive(Duration.ofMillis(1));
    RunView run = operator.settled(operator.backup("c1", "hasty").run());
    assertThat(run.status()).isEqualTo(Status.FAILED);
    assertThat(run.error()).contains("snapshot", "keep its snapshots for longer");
    assertThat(world.engine("c1").holdings().nothing()).isTrue();
  }

  @Test
  void aRunIsClosedOnceAnEngineThatNeverAnswersAgainCanHoldNothingOfIt() {
    closedOnceNothingIsHeld(Fault.failBefore());
  }

  @Test
  void aRunIsClosedOnceAnEngineThatRefusesUsCanHoldNothingOfIt() {
    closedOnceNothingIsHeld(Fault.refuse());
  }

  private void closedOnceNothingIsHeld(Fault always) {
    world.engine("c1").timeToLive(Duration.ofHours(2));
    Instant cancelled = cancelledWhileItHoldsSnapshots();
    world.attack(FaultPlan.always("Source.releaseAll", always));
    world.workUntil(() -> world.clock.instant().isAfter(cancelled.plus(Duration.ofHours(2))));
    assertThat(closed("held")).as("while something may be held").isFalse();
    world.settle();
    assertThat(closed("held")).isTrue();
    assertThat(world.clock.instant()).isBefore(cancelled.plus(Duration.ofHours(3)));
    assertThat(world.engine("c1").holdings().nothing()).isTrue();
    assertThat(new Auditor(world).findings()).isEmpty();
  }

  @Test
  void aRunStaysOpenWhileAnEngineThatKeepsSnapshotsForEverDoesNotAnswer() {
    Instant cancelled = cancelledWhileItHoldsSnapshots();
    world.attack(FaultPlan.always("Source.releaseAll", Fault.failBefore()));
    world.workUntil(() -> world.clock.instant().isAfter(cancelled.plus(Duration.ofHours(12))));
    assertThat(closed("held")).isFalse();
    assertThat(world.engine("c1").holdings().snapshots()).isNotEmpty();
    world.attack(FaultPlan.none());
    world.settle();
    assertThat(closed("held")).isTrue();
    assertThat(world.engine("c1").holdings().nothing()).isTrue();
  }

  private Instant cancelledWhileItHoldsSnapshots() {
    String run = operator.backup("c1", "held").run();
    world.workUntil(() -> !world.engine("c1").holdings().snapshots().isEmpty());
    operator.cancel(run);
    return world.clock.instant();
  }

  private boolean closed(String backup) {
    String writer =
        Auditor.body(row("backup:main:" + backup)).path("summary").path("writer").asText();
    return Auditor.body(row("run:" + writer)).path("closed").asBoolean();
  }

  @Test
  void whatHasEndedIsNotCancelled() {
    String run = seal("done").id();
    refused(PermanentFailure.Kind.CONFLICT, () -> operator.cancel(run), "SUCCESS");
    String other = operator.backup("c1", "cancelled").run();
    operator.cancel(other);
    operator.cancel(other);
    world.settle();
    operator.cancel(other);
    assertThat(operator.run(other).status()).isEqualTo(Status.CANCELED);
  }

  @Test
  void whatSucceededHasNothingToResume() {
    String done = seal("done").id();
    operator.resume(done);
    world.settle();
    assertThat(operator.run(done).status()).isEqualTo(Status.SUCCESS);
  }

  @Test
  void whatWasCancelledIsNotResumed() {
    String cancelled = operator.backup("c1", "cancelled").run();
    operator.cancel(cancelled);
    world.settle();
    refused(PermanentFailure.Kind.CONFLICT, () -> operator.resume(cancelled), "CANCELED");
  }

  @Test
  void whatGoesOnIsOnlyPushedByAResume() {
    String run = operator.backup("c1", "nightly").run();
    operator.resume(run);
    assertThat(operator.settled(run).status()).isEqualTo(Status.SUCCESS);
  }

  @Test
  void aSlotOfAPolicyGetsOneBackupWhoeverNoticesIt() {
    PolicySlot slot = slot("nightly", 0);
    assertThat(world.hire().dispatcher().slot(slot).outcome()).isEqualTo(Outcome.STARTED);
    assertThat(world.hire().dispatcher().slot(slot).outcome()).isEqualTo(Outcome.PASSED);
    world.settle();
    assertThat(world.hire().dispatcher().slot(slot).outcome()).isEqualTo(Outcome.PASSED);
    assertThat(operator.runs("c1")).hasSize(1);
    assertThat(operator.runs("c1").get(0).status()).isEqualTo(Status.SUCCESS);
    assertThat(operator.runs("c1").get(0).backupId()).startsWith("nightly-").endsWith("-1");
  }

  @Test
  void aSlotWhileAnotherRunHasTheClusterIsSkippedAndSaysWho() {
    String holder = operator.backup("c1", "by-hand").run();
    Taken skipped = world.hire().dispatcher().slot(slot("nightly", 0));
    assertThat(skipped.outcome()).isEqualTo(Outcome.SKIPPED);
    assertThat(skipped.detail()).contains(holder);
    world.settle();
    assertThat(world.hire().dispatcher().slot(slot("nightly", 0)).outcome())
        .isEqualTo(Outcome.PASSED);
    assertThat(world.hire().dispatcher().slot(slot("nightly", 1)).outcome())
        .isEqualTo(Outcome.STARTED);
  }

  @Test
  void whatAScheduleMissedBeforeItWasSeenIsNotMadeUpFor() {
    world.hire().dispatcher().expect(slot("nightly", 2));
    assertThat(world.hire().dispatcher().slot(slot("nightly", 1)).outcome())
        .isEqualTo(Outcome.PASSED);
    assertThat(world.hire().dispatcher().slot(slot("nightly", 2)).outcome())
        .isEqualTo(Outcome.PASSED);
    world.hire().dispatcher().expect(slot("nightly", 3));
    assertThat(world.hire().dispatcher().slot(slot("nightly", 3)).outcome())
        .isEqualTo(Outcome.STARTED);
  }

  @Test
  void aPolicyThatWaitsForItsFirstSlotHasAnAgeAndEverySlotCounts() {
    world.hire().dispatcher().expect(slot("nightly", 0).request());
    Instant seen = world.clock.instant();
    world.pause(Duration.ofDays(2));
    world.hire().dispatcher().expect(slot("nightly", 0).request());
    SlotView waiting = slots().get(0);
    assertThat(waiting.outcome()).isEqualTo(Outcome.EXPECTED);
    assertThat(waiting.dealtWith()).isFalse();
    assertThat(waiting.since()).isBetween(seen.minusSeconds(1), seen);

    assertThat(world.hire().dispatcher().slot(slot("nightly", 0)).outcome())
        .isEqualTo(Outcome.STARTED);
    assertThat(slots()).hasSize(1);
    assertThat(slots().get(0).since()).isEqualTo(waiting.since());
    assertThat(slots().get(0).dealtWith()).isTrue();
  }

  private List<SlotView> slots() {
    return new Register(world.table, world.settings()).slots("c1");
  }

  private static PolicySlot slot(String policy, int day) {
    var request =
        new BackupRequest(
            "c1", null, null, List.of(), List.of(), null, Map.of(), policy, null, null);
    return new PolicySlot(
        request, Instant.parse("2026-01-01T03:00:00Z").plusSeconds(86_400L * day));
  }

  @Test
  void aDeletedBackupIsNotRestored() {
    seal("old");
    String clusterId = clusterIdOf("old");
    Vault.open(world.store)
        .delete(new Tombstone(clusterId, "old", "expired", world.clock.instant()));
    refused(
        PermanentFailure.Kind.CONFLICT,
        () -> operator.restore(restore("old", "-copy", false)),
        "deleted");
    mark("old", "DELETED");
    refused(
        PermanentFailure.Kind.CONFLICT,
        () -> operator.restore(restore("old", "-copy", false)),
        "DELETED");
    assertThat(operator.runs("c1")).hasSize(1);
  }

  @Test
  void aDamagedBackupFailsItsRestoreAndLeavesTheClusterAsItWas() {
    seal("hurt");
    var auditor = new Auditor(world);
    String blob = world.store.list("data/" + clusterIdOf("hurt") + "/", null, 1).get(0).key();
    world.store.delete(List.of(blob));
    world.store.create(blob, List.of(ByteBuffer.wrap(new byte[100])));
    RunView run = operator.settled(operator.restore(restore("hurt", "-copy", false)).run());
    assertThat(run.status()).isEqualTo(Status.FAILED);
    assertThat(run.error()).contains(blob.substring(blob.lastIndexOf('/') + 1));
    assertThat(auditor.findingsOfRestore("FAILED", "c1", Map.of())).isEmpty();
    assertThat(world.engine("c1").holdings().nothing()).isTrue();
  }

  @Test
  void aDamagedManifestIsNamed() {
    seal("hurt");
    String key = "backups/" + clusterIdOf("hurt") + "/hurt.json";
    world.store.delete(List.of(key));
    world.store.create(
        key, List.of(ByteBuffer.wrap("{}\n".getBytes(java.nio.charset.StandardCharsets.UTF_8))));
    refused(
        PermanentFailure.Kind.DAMAGED,
        () -> operator.restore(restore("hurt", "-copy", false)),
        key);
  }

  @Test
  void aDamagedBackupFailsItsVerificationWhichNamesTheObjectAndItsFiles() {
    seal("hurt");
    String blob = world.store.list("data/" + clusterIdOf("hurt") + "/", null, 1).get(0).key();
    world.store.delete(List.of(blob));
    RunView run = operator.settled(operator.verify(verification("hurt", 0)).run());
    assertThat(run.status()).isEqualTo(Status.FAILED);
    assertThat(run.error()).contains("damaged", blob);
    assertThat(run.report().findings()).extracting(Finding::object).containsExactly(blob);
    assertThat(run.report().findings().get(0).fileCount()).isPositive();
    refused(PermanentFailure.Kind.CONFLICT, () -> operator.resume(run.id()), "verification");
  }

  @Test
  void aDamagedOrMissingManifestIsWhatItsVerificationFinds() {
    seal("hurt");
    VerifyRequest request = verification("hurt", 0);
    String key = "backups/" + request.clusterId() + "/hurt.json";
    world.store.delete(List.of(key));
    assertThat(operator.settled(operator.verify(request).run()).error()).contains(key);
    world.store.create(key, List.of(ByteBuffer.wrap(new byte[9])));
    assertThat(operator.settled(operator.verify(request).run()).error()).contains(key);
  }

  @Test
  void theSameVerificationIsAnsweredWhileItIsAtWorkAndAnotherOneRefused() {
    seal("base");
    Accepted first = operator.verify(verification("base", 100));
    assertThat(operator.verify(verification("base", 100)).run()).isEqualTo(first.run());
    refused(
        PermanentFailure.Kind.CONFLICT,
        () -> operator.verify(verification("base", 5)),
        first.run(),
        "100 %");
    assertThat(operator.settled(first.run()).status()).isEqualTo(Status.SUCCESS);
    assertThat(operator.verify(verification("base", 5)).fresh()).isTrue();
  }

  @Test
  void aStoreThatNeverAnswersFailsTheVerificationInTheEnd() {
    seal("base");
    Accepted accepted = operator.verify(verification("base", 100));
    world.attack(FaultPlan.always("BlobStore.read", Fault.failBefore()));
    RunView run = operator.settled(accepted.run());
    assertThat(run.status()).isEqualTo(Status.FAILED);
    assertThat(run.error()).contains("gave up");
    assertThat(new Auditor(world).findings()).isEmpty();
  }

  private VerifyRequest verification(String id, int percent) {
    return new VerifyRequest("c1", clusterIdOf(id), "main", id, percent);
  }

  @Test
  void aRestoreOntoWhatExistsIsRefusedUnlessTold() {
    seal("base");
    refused(
        PermanentFailure.Kind.CONFLICT,
        () -> operator.restore(restore("base", "", false)),
        "exists",
        "--replace");
    assertThat(operator.settled(operator.restore(restore("base", "", true)).run()).status())
        .isEqualTo(Status.SUCCESS);
  }

  @Test
  void aRestoreThatWouldNotFitIsRefused() {
    seal("base");
    world.engine("c1").capacity(15_000);
    refused(
        PermanentFailure.Kind.CONFLICT,
        () -> operator.restore(restore("base", "-copy", false)),
        "cluster c1, where",
        " free",
        "free or add space on cluster c1");
  }

  @Test
  void renamesMustBeUnambiguous() {
    seal("base");
    refused(
        PermanentFailure.Kind.INVALID, () -> operator.restore(renaming(Map.of("*", "one"))), "one");
    refused(
        PermanentFailure.Kind.NOT_FOUND,
        () -> operator.restore(renaming(Map.of("nothing*", "x*"))),
        "nothing*");
    operator.settled(operator.restore(renaming(Map.of("*", "was-*"))).run());
    assertThat(world.engine("c1").shardNames()).contains("was-alpha/s1", "was-beta");
  }

  @Test
  void aPreviewStartsNothing() {
    seal("base");
    List<Row> before = world.rows();
    RestorePreview preview = world.worker().dispatcher().preview(restore("base", "", false));
    assertThat(preview.units()).hasSize(5);
    assertThat(preview.conflicts()).hasSize(5);
    assertThat(preview.bytes()).isPositive();
    assertThat(world.rows()).isEqualTo(before);
    assertThat(world.engine("c1").holdings().nothing()).isTrue();
  }

  @Test
  void aBackupWhoseManifestWouldBeTooLargeFailsBeforeItsFirstUnit() {
    var big = new World(Setting.calm());
    var cluster = big.bareCluster("c1");
    String longName = "collection-of-a-very-long-name-".repeat(4);
    for (int i = 0; i < 9_000; i++) {
      cluster.shard(longName + i, "", "n1");
    }
    big.pause(Duration.ofMinutes(5));
    var faults = big.attack(FaultPlan.none());
    var asks = new Operator(big);
    RunView end = asks.settled(asks.backup("c1", "large").run());
    assertThat(end.status()).isEqualTo(Status.FAILED);
    assertThat(end.error()).contains("1048576 bytes", "9000 collections", "--include");
    assertThat(faults.counts()).doesNotContainKey("Source.snapshot");
    assertThat(cluster.holdings().nothing()).isTrue();
    var some =
        new BackupRequest(
            "c1",
            null,
            "some",
            List.of(longName + "1*"),
            List.of(),
            null,
            Map.of(),
            null,
            null,
            null);
    assertThat(asks.run(asks.backup(some).run()).status()).isEqualTo(Status.STARTED);
  }

  @Test
  void aUnitCostsFourCommitsAndTwoMessagesAndNoRequestForABlobThatIsUnchanged() {
    assertUnitsAreCheap(1_500);
  }

  @Tag("slow")
  @Test
  void eachOfTenThousandUnitsCostsFourCommitsAndTwoMessages() {
    assertUnitsAreCheap(10_000);
  }

  @Test
  void anItemThatComesTwiceCostsNoCommit() {
    int units = 500;
    World big = many(units, 4);
    var faults = big.attack(FaultPlan.always("WorkQueue.send", new Fault.Duplicate(0)));
    var asks = new Operator(big);
    assertThat(asks.settled(asks.backup("c1", "base").run()).status()).isEqualTo(Status.SUCCESS);
    assertThat(faults.counts().get("StateTable.commit")).isLessThan(5 * units);
  }

  @Test
  void theCallsOfABackupAndARestoreGrowAsItsUnitsDo() {
    Map<String, Integer> thousand = callsFor(1_000);
    Map<String, Integer> twice = callsFor(2_000);
    assertThat(thousand.get("Source.snapshot")).isEqualTo(1_000);
    twice.forEach(
        (call, times) ->
            assertThat(times)
                .as(call)
                .isLessThanOrEqualTo(thousand.getOrDefault(call, 0) * 21 / 10 + 20));
  }

  /** Of one node, so that a lane is full; by the names of the calls. */
  private static Map<String, Integer> callsFor(int units) {
    World big = many(units, 1);
    var asks = new Operator(big);
    var faults = big.attack(FaultPlan.none());
    assertThat(asks.settled(asks.backup("c1", "base").run()).status()).isEqualTo(Status.SUCCESS);
    assertThat(asks.settled(asks.restore(restore("base", "-copy", false)).run()).status())
        .isEqualTo(Status.SUCCESS);
    return faults.counts();
  }

  private static World many(int units, int nodes) {
    var big = new World(Setting.calm());
    var cluster = big.bareCluster("c1");
    for (int i = 0; i < units; i++) {
      cluster.shard("docs", "s" + i, "n" + i % nodes);
      cluster.write("docs", "s" + i, "segment", new byte[] {1, 2, 3});
    }
    big.with(FlowSettings.DEFAULT.withBins(BinSettings.NONE));
    big.width = 8;
    big.pause(Duration.ofMinutes(5));
    big.unhurried();
    return big;
  }

  /** Units that fit a slice, first all new, then unchanged. */
  private static void assertUnitsAreCheap(int units) {
    World big = many(units, 4);
    var asks = new Operator(big);
    Map<String, Integer> first = callsOf(big, "base");
    assertFourCommitsAndTwoMessagesEach(units, first);
    assertThat(first.get("BlobStore.create"))
        .as("a blob and a part each")
        .isLessThan(2 * units + 40);
    big.pause(Duration.ofMinutes(5));
    Map<String, Integer> calls = callsOf(big, "again");
    assertFourCommitsAndTwoMessagesEach(units, calls);
    assertThat(calls.get("StateTable.get")).isLessThan(16 * units);
    assertThat(calls.get("StateTable.query")).isLessThan(3 * units);
    int blobs =
        calls.entrySet().stream()
            .filter(call -> call.getKey().startsWith("BlobStore."))
            .mapToInt(Map.Entry::getValue)
            .sum();
    assertThat(blobs).as("requests for %d unchanged blobs: %s", units, calls).isLessThan(100);
    assertThat(asks.runs("c1")).allMatch(run -> run.status() == Status.SUCCESS);
  }

  private static Map<String, Integer> callsOf(World world, String backup) {
    var faults = world.attack(FaultPlan.none());
    var asks = new Operator(world);
    asks.settled(asks.backup("c1", backup).run());
    return faults.counts();
  }

  private static void assertFourCommitsAndTwoMessagesEach(int units, Map<String, Integer> calls) {
    assertThat(calls.get("StateTable.commit")).isLessThan(4 * units + units / 10);
    assertThat(calls.get("WorkQueue.send")).isLessThan(2 * units + units / 50);
  }

  private RunView seal(String id) {
    RunView run = operator.settled(operator.backup("c1", id).run());
    assertThat(run.status()).as(run.error()).isEqualTo(Status.SUCCESS);
    world.pause(Duration.ofMinutes(5));
    return run;
  }

  /** A sentence with what was asked; and nothing was started. */
  private void refused(PermanentFailure.Kind kind, ThrowingCallable request, String... words) {
    int runs = world.rows().size();
    assertThatThrownBy(request)
        .isInstanceOfSatisfying(
            PermanentFailure.class, failure -> assertThat(failure.kind()).isEqualTo(kind))
        .hasMessageContainingAll(words);
    assertThat(world.rows().stream().filter(row -> !row.partition().equals("t")).count())
        .isLessThanOrEqualTo(runs);
  }

  private static BackupRequest including(List<String> include, List<String> exclude) {
    return new BackupRequest(
        "c1", null, "selected", include, exclude, null, Map.of(), null, null, null);
  }

  private static BackupRequest onBase(String base) {
    return new BackupRequest(
        "c1", null, "on-base", List.of(), List.of(), base, Map.of(), null, null, null);
  }

  private static RestoreRequest restore(String id, String suffix, boolean replace) {
    return new RestoreRequest(
        "c1", null, null, id, List.of(), List.of(), List.of(), Map.of(), Map.of(), suffix, "",
        replace);
  }

  private static RestoreRequest renaming(Map<String, String> renames) {
    return new RestoreRequest(
        "c1", null, null, "base", List.of(), List.of(), List.of(), renames, Map.of(), "", "",
        false);
  }

  private void mark(String id, String state) {
    Row row = row("backup:main:" + id);
    world.table.commit(
        Commit.in("c:c1").replace(row, row.body().replace("\"SEALED\"", "\"" + state + "\"")));
  }

  private Map<Shards.Name, Map<String, String>> contentOf(String id) {
    return new VaultContents(world.store).read(clusterIdOf(id), id);
  }

  private String clusterIdOf(String id) {
    return Auditor.body(row("backup:main:" + id)).path("summary").path("clusterId").asText();
  }

  private Row row(String sort) {
    return world.table.get("c:c1", sort).orElseThrow();
  }
}
