package dev.tidemark.journey.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemark.contract.fault.Call;
import dev.tidemark.contract.fault.Crash;
import dev.tidemark.contract.fault.Fault;
import dev.tidemark.contract.fault.Fault.When;
import dev.tidemark.contract.fault.FaultPlan;
import dev.tidemark.contract.fault.Faults;
import dev.tidemark.core.flow.BackupRequest;
import dev.tidemark.core.flow.BinSettings;
import dev.tidemark.core.flow.CatalogRebuilder;
import dev.tidemark.core.flow.FlowSettings;
import dev.tidemark.core.flow.RestoreRequest;
import dev.tidemark.core.flow.RunView;
import dev.tidemark.core.flow.Status;
import dev.tidemark.core.memory.InMemoryCluster;
import dev.tidemark.core.memory.InMemoryEngine;
import dev.tidemark.core.memory.InMemoryWorkQueue;
import dev.tidemark.core.queue.Delivery;
import dev.tidemark.core.state.Commit;
import dev.tidemark.core.state.Row;
import dev.tidemark.core.time.Slice;
import dev.tidemark.core.transfer.Checkpoint;
import dev.tidemark.core.vault.Vault;
import dev.tidemark.events.WorkItem;
import dev.tidemark.events.WorkItem.Queue;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** The interleavings for which the design has its odd rules, one by one. */
class InterleavingsTest {
  private static final String BASE_ROW = "backup:main:all-base";

  private final World world = new World(Setting.calm()).cluster("c1");
  private final Operator operator = new Operator(world);

  @Test
  void aBackupThatWasPinnedMeanwhileIsNotMarkedForDeletion() {
    seal("all-base");
    Row seenByRetention = row(BASE_ROW);
    operator.backup("c1", "all-new");
    boolean deleting =
        world.table.commit(
            Commit.in("c:c1")
                .replace(
                    seenByRetention, seenByRetention.body().replace("\"SEALED\"", "\"DELETING\"")));
    assertThat(deleting).isFalse();
    world.settle();
    assertSealed("all-new");
  }

  @Test
  void aBackupThatIsMarkedForDeletionIsNoBaseAnyMore() {
    seal("all-base");
    Row base = row(BASE_ROW);
    world.table.commit(
        Commit.in("c:c1").replace(base, base.body().replace("\"SEALED\"", "\"DELETING\"")));
    assertThatThrownBy(() -> operator.backup(withBase("all-new", "all-base")))
        .hasMessageContaining("DELETING");
    operator.backup("c1", "all-newer");
    world.settle();
    assertThat(body(row("backup:main:all-newer")).path("summary").has("base")).isFalse();
  }

  @Test
  void aBaseThatVanishedFromTheVaultBeforeItWasPinnedIsNotBuiltOn() {
    seal("all-base");
    world.store.delete(List.of("backups/" + clusterIdOf("all-base") + "/all-base.json"));
    operator.backup("c1", "all-new");
    world.settle();
    assertSealed("all-new");
    assertThat(body(row(BASE_ROW)).path("state").asText()).isEqualTo("MISSING");
  }

  @Test
  void aSealerThatWakesAfterTheRunWasVoidedBringsNothingToLife() {
    seal("all-base");
    change("alpha/s1", 1);
    int manifest = callsOf("BlobStore.create", "all-dry");
    change("alpha/s1", 2);
    String[] run = {""};
    world.pauseAt(
        "BlobStore.create",
        manifest,
        When.BEFORE,
        () -> {
          assertThat(statusOf(run[0])).isEqualTo(Status.FINALIZING);
          takeOver(clusterIdOf("all-base"), "d2");
          world.othersWorkUntil(() -> statusOf(run[0]).terminal());
          assertThat(statusOf(run[0])).isEqualTo(Status.FAILED);
        });
    run[0] = operator.backup("c1", "all-new").run();
    world.settle();
    String clusterId = clusterIdOf("all-base");
    assertThat(world.store.head("backups/" + clusterId + "/all-new.json")).isPresent();
    assertThat(Vault.open(world.store).exists(clusterId, "all-new")).isFalse();
    assertThat(statusOf(run[0])).isEqualTo(Status.FAILED);
    assertThatThrownBy(() -> operator.restore(RestoreRequest.of("c1", "all-new")))
        .hasMessageContaining("FAILED");
    assertThat(body(row(BASE_ROW)).path("pins")).isEmpty();
  }

  @Test
  void aRunThatIsFinalizingCannotBeCancelled() {
    String run = operator.backup("c1", "all-new").run();
    world.workUntil(() -> statusOf(run) == Status.FINALIZING);
    assertThatThrownBy(() -> operator.cancel(run)).hasMessageContaining("FINALIZING");
    world.settle();
    assertSealed("all-new");
  }

  @Test
  void aLateDuplicateOfTheManifestsCreateStaysMasked() {
    int manifest = callsOf("BlobStore.create", "all-dry");
    world.attack(FaultPlan.at("BlobStore.create", manifest - 1, new Fault.Duplicate(1_000_000)));
    change("alpha/s1", 1);
    seal("all-new");
    String clusterId = clusterIdOf("all-new");
    String key = "backups/" + clusterId + "/all-new.json";
    Vault vault = Vault.open(world.store);
    vault.delete(
        new dev.tidemark.core.vault.Tombstone(
            clusterId, "all-new", "expired", world.clock.instant()));
    world.store.delete(List.of(key));
    assertThat(world.store.head(key)).isEmpty();
    world.faults().settle();
    assertThat(vault.exists(clusterId, "all-new")).isFalse();
    assertThatThrownBy(() -> operator.restore(RestoreRequest.of("c1", "all-new")))
        .hasMessageContaining("deleted");
  }

  @Test
  void aPlannerThatDiesAfterTheFirstOfManyCommitsLosesNoUnit() {
    world.with(World.SETTINGS.withLaneUnits(1_000).withBins(BinSettings.NONE));
    for (int i = 0; i < 60; i++) {
      world.engine("c1").shard("many", "s" + i, "n1");
    }
    world.pause(Duration.ofMinutes(5));
    for (int commit = 1; commit < 16; commit++) {
      world.attack(FaultPlan.at("StateTable.commit", commit, Fault.crashAfter()));
      RunView run = seal("b" + commit);
      assertThat(run.units()).isEqualTo(65);
      assertThat(contentOf("b" + commit)).hasSize(65);
    }
  }

  /** Where nobody knows who died, and only the message that he had comes back. */
  @Test
  void whoDiesBetweenClaimingAndSendingDelaysARunByNoMoreThanTheWayBackOfHisMessage() {
    delayedOnlyByTheMessage(asks -> asks.backup("c1", "all-new").run());
    delayedOnlyByTheMessage(asks -> asks.restore(replacing("all-base")).run());
  }

  @Test
  void anEngineThatRefusesToReleaseASnapshotDelaysNoUnit() {
    Function<Operator, String> request = asks -> asks.backup("c1", "all-new").run();
    FaultPlan refused = FaultPlan.always("Source.release", Fault.refuse());
    assertThat(timeInTheCloud(request, refused, new ArrayList<>()))
        .isLessThan(World.SETTINGS.watchEvery());
  }

  private static void delayedOnlyByTheMessage(Function<Operator, String> request) {
    List<Call> calls = new ArrayList<>();
    Duration most =
        timeInTheCloud(request, FaultPlan.none(), calls)
            .plus(InMemoryWorkQueue.VISIBILITY)
            .plus(World.SETTINGS.watchEvery());
    calls.removeIf(call -> !call.name().equals("WorkQueue.send"));
    assertThat(calls).hasSizeGreaterThan(10);
    for (Call send : calls) {
      FaultPlan dies = FaultPlan.at(send.name(), send.number(), Fault.crashBefore());
      assertThat(timeInTheCloud(request, dies, new ArrayList<>()))
          .as("where who sends dies before call %d", send.number())
          .isLessThan(most);
    }
  }

  /**
   * From a request until its run has succeeded.
   *
   * @param calls is told them
   */
  private static Duration timeInTheCloud(
      Function<Operator, String> request, FaultPlan plan, List<Call> calls) {
    var each = new World(Setting.calm().with(Setting.Host.CLOUD)).cluster("c1");
    var asks = new Operator(each);
    asks.settled(asks.backup("c1", "all-base").run());
    each.pause(Duration.ofMinutes(5));
    Faults faults = each.attack(plan);
    Instant begin = each.clock.instant();
    String run = request.apply(asks);
    each.workUntil(() -> asks.run(run).status().terminal());
    assertThat(asks.run(run).status()).isEqualTo(Status.SUCCESS);
    calls.addAll(faults.calls());
    return Duration.between(begin, each.clock.instant());
  }

  @Test
  void noUnitMovesBeforeThePlanIsWhole() {
    world.with(World.SETTINGS.withLaneUnits(1_000).withBins(BinSettings.NONE));
    for (int i = 0; i < 60; i++) {
      world.engine("c1").shard("many", "s" + i, "n1");
    }
    String run = operator.backup("c1", "all-new").run();
    while (statusOf(run) == Status.STARTED) {
      world.step();
      if (statusOf(run) == Status.STARTED) {
        assertThat(claimed(run)).isEmpty();
      }
    }
    assertThat(operator.run(run).units()).isEqualTo(65);
    world.settle();
  }

  @Test
  void plannersWhoSawTwoTopologiesMakeOneBackup() {
    int creates = callsOf("BlobStore.create", "all-dry");
    for (int create = 1; create < creates; create++) {
      String collection = "extra" + create;
      String id = "b" + create;
      String[] run = {""};
      world.pauseAt(
          "BlobStore.create",
          create,
          When.BEFORE,
          () -> {
            world.engine("c1").shard(collection, "s1", "n3");
            world.pause(Duration.ofMinutes(30));
            world.othersWorkUntil(() -> statusOf(run[0]).terminal());
          });
      run[0] = operator.backup("c1", id).run();
      world.settle();
      assertThat(operator.run(run[0]).status()).as(id).isEqualTo(Status.SUCCESS);
      assertThat((long) contentOf(id).size()).isEqualTo(operator.run(run[0]).units());
      assertNothingIsLeft();
    }
  }

  @Test
  void aZombiesPartOfAnOlderSnapshotIsNotTakenForOnesOwn() {
    Setting slices = Setting.calm().with(Setting.Host.CLOUD).withCallsPerSlice(40);
    int creates = new World(slices).cluster("c1").attack(FaultPlan.none()) == null ? 0 : 24;
    for (int create = 2; create < creates; create++) {
      var each = new World(slices).cluster("c1");
      var asks = new Operator(each);
      var auditor = new Auditor(each);
      each.pauseAt(
          "BlobStore.create",
          create,
          When.BEFORE,
          () -> {
            each.pause(Duration.ofMinutes(30));
            each.engine("c1").expireSnapshots();
            each.shards("c1").names().forEach(name -> each.shards("c1").change(name, 7));
            each.othersWorkUntil(
                () -> asks.runs("c1").stream().allMatch(run -> run.status().terminal()));
          });
      asks.backup("c1", "all-new");
      each.settle();
      assertThat(auditor.findings()).as("asleep at create %d", create).isEmpty();
      assertThat(asks.runs("c1").get(0).status()).isEqualTo(Status.SUCCESS);
    }
  }

  /** A checkpoint holds only for its snapshot. */
  @Test
  void aUnitWhoseSnapshotIsLostInTheMiddleBeginsAgainFromItsNewSnapshot() {
    int lost = 0;
    for (int parts = 1; parts <= 3; parts++) {
      Setting setting = Setting.calm().withCallsPerSlice(25).with(Setting.Size.CHUNKS);
      var each = new World(setting).cluster("c1");
      var asks = new Operator(each);
      var auditor = new Auditor(each);
      int enough = parts;
      String run = asks.backup("c1", "all-new").run();
      each.workUntil(() -> partsSoFar(each, run) >= enough || asks.run(run).status().terminal());
      lost += partsSoFar(each, run) >= enough ? 1 : 0;
      each.engine("c1").expireSnapshots();
      each.shards("c1").names().forEach(name -> each.shards("c1").change(name, 7));
      each.settle();
      assertThat(auditor.findings()).as("lost after %d parts", parts).isEmpty();
      assertThat(asks.run(run).status()).isEqualTo(Status.SUCCESS);
    }
    assertThat(lost).as("units that had parts when their snapshots were lost").isPositive();
  }

  /** The most parts that the checkpoint of an open unit names. */
  private static int partsSoFar(World world, String run) {
    return world.rows().stream()
        .filter(row -> row.partition().startsWith("l:" + run) && row.sort().startsWith("open:"))
        .map(row -> body(row).path("checkpoint"))
        .filter(JsonNode::isTextual)
        .mapToInt(checkpoint -> Checkpoint.parse(checkpoint.asText()).parts().size())
        .max()
        .orElse(0);
  }

  @Test
  void aClusterMadeAnewUnderTheSameNameIsAnotherClusterWhateverItsFileNumbersSay() {
    var bare = world.bareCluster("c2");
    bare.shard("docs", "s1", "n1");
    bare.write("docs", "s1", "segment", "first bytes".getBytes(StandardCharsets.UTF_8));
    world.pause(Duration.ofMinutes(5));
    operator.settled(operator.backup("c2", "before").run());
    bare.recreate();
    bare.shard("docs", "s1", "n1");
    bare.write("docs", "s1", "segment", "other bytes".getBytes(StandardCharsets.UTF_8));
    world.pause(Duration.ofMinutes(5));
    operator.settled(operator.backup("c2", "after").run());
    JsonNode before = body(row("c:c2", "backup:main:before")).path("summary");
    JsonNode after = body(row("c:c2", "backup:main:after")).path("summary");
    assertThat(after.path("clusterId")).isNotEqualTo(before.path("clusterId"));
    assertThat(after.has("base")).isFalse();
    var name = new Shards.Name("docs", "s1");
    assertThat(
            new VaultContents(world.store)
                .read(after.path("clusterId").asText(), "after")
                .get(name))
        .isEqualTo(Shards.now(bare, name));
    assertThatThrownBy(
            () ->
                operator.backup(
                    new BackupRequest(
                        "c2", null, "third", List.of(), List.of(), "before", Map.of(), null, null,
                        null)))
        .hasMessageContaining("cluster id");
  }

  @Test
  void afterARestoreTheClusterIsAnotherOne() {
    seal("all-base");
    change("alpha/s1", 1);
    String restore = operator.restore(replacing("all-base")).run();
    assertThat(operator.settled(restore).status()).isEqualTo(Status.SUCCESS);
    world.pause(Duration.ofMinutes(5));
    seal("after");
    assertThat(clusterIdOf("after")).isNotEqualTo(clusterIdOf("all-base"));
    assertThat(body(row("backup:main:after")).path("summary").has("base")).isFalse();
  }

  @Test
  void aSecondDeploymentIsRefusedWhatAnotherOwns() {
    seal("all-base");
    takeOver(clusterIdOf("all-base"), "d2");
    assertThatThrownBy(() -> operator.backup("c1", "all-new"))
        .hasMessageContaining("deployment d2")
        .hasMessageContaining("take ownership");
    assertThat(operator.runs("c1")).hasSize(1);
  }

  @Test
  void aRunWhoseClusterWasTakenOverSealsNothing() {
    seal("all-base");
    change("alpha/s1", 1);
    String run = operator.backup("c1", "all-new").run();
    world.workUntil(() -> statusOf(run) == Status.TRANSFERRING);
    takeOver(clusterIdOf("all-base"), "d2");
    world.settle();
    assertThat(statusOf(run)).isEqualTo(Status.FAILED);
    assertThat(Vault.open(world.store).exists(clusterIdOf("all-new"), "all-new")).isFalse();
    assertNothingIsLeft();
  }

  @Test
  void aTableThatWasRebuiltFromTheVaultKnowsTheBaseAndRestoresIt() {
    seal("all-base");
    world.loseTable();
    world.attack(FaultPlan.none());
    assertThat(new CatalogRebuilder(world.worker().platform(world, "d1")).rebuild("main").backups())
        .isEqualTo(1);
    change("beta", 1);
    seal("all-new");
    JsonNode summary = body(row("backup:main:all-new")).path("summary");
    assertThat(summary.path("base").asText()).isEqualTo("all-base");
    assertThat(summary.path("stored").asLong())
        .isLessThan(body(row(BASE_ROW)).path("summary").path("stored").asLong());
    assertThat(operator.settled(operator.restore(replacing("all-base")).run()).status())
        .isEqualTo(Status.SUCCESS);
  }

  @Test
  void whoeverIsLastSealsAlsoWhereOthersFinishBetweenAnyCommitAndItsQuestion() {
    World first = impatient();
    int commits = countCalls(first, "StateTable.commit");
    for (int commit = 3; commit <= commits; commit++) {
      for (When when : When.values()) {
        World each = impatient();
        var asks = new Operator(each);
        each.pauseAt("StateTable.commit", commit, when, each::othersWork);
        String run = asks.backup("c1", "all-new").run();
        var start = each.clock.instant();
        each.workUntil(() -> asks.run(run).status().terminal());
        assertThat(asks.run(run).status()).isEqualTo(Status.SUCCESS);
        assertThat(Duration.between(start, each.clock.instant()))
            .as("asleep %s commit %d", when, commit)
            .isLessThan(Duration.ofMinutes(5));
      }
    }
  }

  @Test
  void oneTransientFailureDelaysARunByItsBackoffOnly() {
    List<Call> calls = dry(Setting.calm());
    for (Call call : calls) {
      boolean ofQueue = call.port().equals("WorkQueue") || call.port().equals("Receiver");
      boolean rare = call.port().equals("Listing") || call.number() % 5 > 1;
      if (ofQueue || rare) {
        continue;
      }
      World each = new World(Setting.calm()).cluster("c1");
      var asks = new Operator(each);
      Fault fault = call.number() % 2 == 0 ? Fault.failBefore() : Fault.failAfter();
      each.attack(FaultPlan.at(call.name(), call.number(), fault));
      String run = asks.backup("c1", "all-new").run();
      RunView end = asks.end(run);
      assertThat(end.status()).isEqualTo(Status.SUCCESS);
      assertThat(Duration.between(end.started(), each.clock.instant()))
          .as("%s at %s", fault, call)
          .isLessThan(Duration.ofSeconds(30));
    }
  }

  @Test
  void neverAreMoreUnitsOutThanNodesTimesWidth() {
    world.with(World.SETTINGS.withLaneUnits(4).withBins(BinSettings.NONE));
    for (int i = 0; i < 30; i++) {
      world.engine("c1").shard("many", "s" + i, "n" + (1 + i % 2));
    }
    String run = operator.backup("c1", "all-new").run();
    while (!statusOf(run).terminal()) {
      if (!world.step()) {
        world.passTime();
      }
      assertThat(claimed(run)).hasSizeLessThanOrEqualTo(2 * world.width);
    }
    assertSealed("all-new");
  }

  @Test
  void anItemThatWaitsInAQueueIsNotTakenForALostOne() {
    for (int i = 0; i < 30; i++) {
      world.engine("c1").shard("many", "s" + i, "n" + (1 + i % 2));
    }
    world.with(World.SETTINGS.withLaneUnits(100).withBins(BinSettings.NONE));
    operator.backup("c1", "all-new");
    var end = world.clock.instant().plus(Duration.ofMinutes(12));
    while (world.clock.instant().isBefore(end)) {
      world.worker().dispatcher().tick();
      while (world.handleOne(world.worker(), Queue.CONTROL)) {}
      world.pause(Duration.ofSeconds(15));
    }
    assertThat(world.ports.size(Queue.TRANSFER)).isBetween(1, 2 * world.width);
    world.settle();
    assertSealed("all-new");
  }

  @Test
  void duplicatesOfItemsDieInsteadOfMultiplying() {
    var mean = new World(Setting.calm().with(Setting.Nature.MEAN));
    var cluster = mean.bareCluster("c1");
    for (int i = 0; i < 60; i++) {
      cluster.shard("many", "s" + i, "n1");
    }
    mean.width = 10;
    mean.attack(FaultPlan.none());
    mean.with(World.SETTINGS.withLaneUnits(100).withBins(BinSettings.NONE));
    var asks = new Operator(mean);
    asks.backup("c1", "all-new");
    mean.settle();
    assertThat(asks.runs("c1").get(0).status()).isEqualTo(Status.SUCCESS);
    assertThat(mean.faults().counts().get("WorkQueue.send")).isLessThan(60 * 5);
  }

  @Test
  void aUnitWithoutProgressFailsAfterSoManyAttempts() {
    world.attack(FaultPlan.always("Source.open", Fault.failBefore()));
    String run = operator.backup("c1", "all-new").run();
    RunView end = operator.end(run);
    assertThat(end.status()).isEqualTo(Status.FAILED);
    assertThat(end.error()).contains("attempts");
    assertThat(world.faults().counts().get("Source.open"))
        .isLessThanOrEqualTo(5 * World.SETTINGS.maxAttempts());
  }

  @Test
  void aDeadWorkersAttemptsCountToo() {
    var dying = new World(Setting.calm().with(Setting.Host.CLOUD)).cluster("c1");
    var asks = new Operator(dying);
    dying.attack(FaultPlan.always("Source.open", Fault.crashBefore()));
    String run = asks.backup("c1", "all-new").run();
    assertThat(asks.end(run).error()).contains("attempts");
  }

  /** A queue that delivers twice drops both where one is acknowledged. */
  @Test
  void aUnitWhoseWorkerDiesGoesOnAtTheEndOfItsLeaseAlsoWhereADuplicateWasAcknowledged() {
    for (String call : List.of("Source.snapshot", "BlobStore.create", "UnitWriter.write")) {
      var cloud = new World(Setting.calm().with(Setting.Host.CLOUD)).cluster("c1");
      var asks = new Operator(cloud);
      boolean restore = call.startsWith("UnitWriter");
      if (restore) {
        asks.settled(asks.backup("c1", "all-new").run());
      }
      cloud.attack(FaultPlan.at(call, 1, Fault.crashAfter()));
      String run =
          restore ? asks.restore(replacing("all-new")).run() : asks.backup("c1", "all-new").run();
      Delivery taken = null;
      for (boolean dead = false; !dead; ) {
        taken = delivered(cloud);
        dead = diesOf(cloud, cloud.worker(), taken);
      }
      cloud.crashed();
      assertThat(diesOf(cloud, cloud.worker(), taken)).isFalse();

      assertEndsSoon(cloud, asks, run, "from a death in " + call);
    }
  }

  @Test
  void aUnitWhoseWorkerDiesGoesOnAtTheEndOfItsLeaseAlsoWhereADuplicateWantedItAtThatMoment() {
    int deaths = 0;
    var dry = new World(Setting.calm().with(Setting.Host.CLOUD)).cluster("c1");
    int commits = countCalls(dry, "StateTable.commit");
    for (int commit = 3; commit <= commits; commit++) {
      World cloud = new World(Setting.calm().with(Setting.Host.CLOUD)).cluster("c1");
      var asks = new Operator(cloud);
      var taken = new AtomicReference<Delivery>();
      var twin = new AtomicReference<Worker>();
      var dead = new AtomicBoolean();
      cloud.pauseAt(
          "StateTable.commit",
          commit,
          When.BEFORE,
          () -> {
            twin.set(cloud.hire());
            dead.set(taken.get() != null && diesOf(cloud, twin.get(), taken.get()));
          },
          call ->
              twin.get() != null && call.name().equals("BlobStore.create")
                  ? Optional.of(Fault.crashAfter())
                  : Optional.empty());
      String run = asks.backup("c1", "all-new").run();
      while (twin.get() == null && !asks.run(run).status().terminal()) {
        taken.set(delivered(cloud));
        diesOf(cloud, cloud.worker(), taken.get());
      }
      cloud.attack(FaultPlan.none());
      deaths += dead.get() ? 1 : 0;
      assertEndsSoon(cloud, asks, run, "asleep before commit " + commit);
    }
    assertThat(deaths).isPositive();
  }

  @Test
  void anItemThatIsEarlyByItsMachinesClockComesAgain() {
    var mood = new InMemoryCluster.Mood(1, 2, 0, Duration.ZERO, false);
    var waiting = new InMemoryCluster("slow", world.clock, mood);
    for (int i = 0; i < 8; i++) {
      waiting.shard("many", "s" + i, "n1");
    }
    world.cluster("slow", () -> new InMemoryEngine(waiting));
    world.with(World.SETTINGS.withBins(BinSettings.NONE));
    var start = world.clock.instant();
    String run = operator.backup("slow", "all-new").run();
    Set<WorkItem> seen = new HashSet<>();
    int again = 0;
    while (!statusOf(run).terminal()) {
      Delivery next = delivered(world);
      boolean first = seen.add(next.item());
      again += first ? 0 : 1;
      Duration early = first ? Duration.ofSeconds(1) : Duration.ZERO;
      world.pause(early.negated());
      diesOf(world, world.worker(), next);
      world.pause(early);
    }
    assertThat(statusOf(run)).isEqualTo(Status.SUCCESS);
    assertThat(again).as("items that came again").isPositive();
    assertThat(Duration.between(start, world.clock.instant())).isLessThan(Duration.ofMinutes(3));
  }

  /** The next delivery, for which time passes, but nobody looks for what was lost. */
  private static Delivery delivered(World world) {
    Receiver receiver = world.worker().receiver();
    for (int wait = 0; wait < 100; wait++) {
      Optional<Delivery> next =
          receiver.receive(Queue.TRANSFER).or(() -> receiver.receive(Queue.CONTROL));
      if (next.isPresent()) {
        return next.get();
      }
      assertThat(world.passTime()).isTrue();
    }
    throw new AssertionError("nothing is delivered any more");
  }

  /** Whether a worker dies of a delivery, which it acknowledges else. */
  private static boolean diesOf(World world, Worker worker, Delivery delivery) {
    try {
      worker.dispatcher().dispatch(delivery.item(), Slice.of(Duration.ofMinutes(1), world.clock));
      worker.receiver().acknowledge(delivery);
      return false;
    } catch (Crash crash) {
      return true;
    }
  }

  private static void assertEndsSoon(World world, Operator asks, String run, String what) {
    var now = world.clock.instant();
    assertThat(asks.end(run).status()).as(what).isEqualTo(Status.SUCCESS);
    assertThat(Duration.between(now, world.clock.instant()))
        .as(what)
        .isLessThan(Duration.ofMinutes(3));
  }

  @Test
  void partsCutAnywhereAreInTheOrderOfTheirComponents() {
    var cut = new World(Setting.calm().withCallsPerSlice(25)).cluster("c1");
    var asks = new Operator(cut);
    assertThat(asks.settled(asks.backup("c1", "all-base").run()).status())
        .isEqualTo(Status.SUCCESS);
    cut.pause(Duration.ofMinutes(5));
    var auditor = new Auditor(cut);
    asks.settled(asks.backup("c1", "all-new").run());
    assertThat(auditor.findings()).isEmpty();
    JsonNode summary = body(cut.table.get("c:c1", "backup:main:all-new").orElseThrow());
    assertThat(summary.path("summary").path("stored").asLong()).isZero();
  }

  @Test
  void aFailedRunKeepsItsSnapshotsForItsWindowAndGoesOnFromThem() {
    FaultPlan broken =
        new FaultPlan() {
          @Override
          public java.util.Optional<Fault> faultOf(Call call) {
            return call.name().equals("Source.open") && call.number() == 4
                ? java.util.Optional.of(Fault.refuse())
                : java.util.Optional.empty();
          }
        };
    world.attack(broken);
    String run = operator.backup("c1", "all-new").run();
    assertThat(operator.end(run).status()).isEqualTo(Status.FAILED);
    var later = world.clock.instant().plus(Duration.ofMinutes(5));
    world.workUntil(() -> world.clock.instant().isAfter(later));
    assertThat(world.engine("c1").holdings().snapshots()).isNotEmpty();
    assertThat(world.engine("c1").holdings().guards()).isEmpty();
    operator.resume(run);
    assertThat(operator.settled(run).status()).isEqualTo(Status.SUCCESS);
    assertThat(world.faults().counts().get("Source.snapshot")).isEqualTo(5);
    assertNothingIsLeft();
  }

  @Test
  void afterItsWindowAFailedRunIsClosedAndCannotBeResumed() {
    world.attack(FaultPlan.always("Source.open", Fault.refuse()));
    String run = operator.backup("c1", "all-new").run();
    operator.settled(run);
    assertThatThrownBy(() -> operator.resume(run)).hasMessageContaining("window");
    assertNothingIsLeft();
  }

  @Test
  void aRunThatIsBeingClosedIsNotResumedAnyMore() {
    String[] run = {""};
    FaultPlan broken = FaultPlan.always("Source.open", Fault.refuse());
    world.attack(broken);
    run[0] = operator.backup("c1", "all-new").run();
    operator.end(run[0]);
    world.pauseAt(
        "Source.releaseAll",
        1,
        When.BEFORE,
        () ->
            assertThatThrownBy(() -> world.hire().dispatcher().resume(run[0]))
                .hasMessageContaining("window"));
    world.settle();
    assertThat(statusOf(run[0])).isEqualTo(Status.FAILED);
    assertNothingIsLeft();
  }

  @Test
  void aResumeThatSleepsWhileItsRunIsClosedIsRefusedOrFindsAllThatItNeeds() {
    for (int discard = 1; discard <= 14; discard++) {
      world.attack(FaultPlan.always("Source.open", Fault.refuse()));
      String run = operator.backup("c1", "b" + discard).run();
      operator.end(run);
      world.pauseAt(
          "StateTable.commit",
          1,
          When.BEFORE,
          () -> {
            world.pause(World.SETTINGS.resumeWindow());
            try {
              world.othersWorkUntil(() -> operator.run(run).closed());
            } catch (Crash halfway) {
              assertThat(operator.run(run).closed()).isFalse();
            }
          },
          FaultPlan.at("StateTable.discard", discard, Fault.crashAfter()));
      boolean resumed = operator.resumeIfPossible(run);
      world.attack(FaultPlan.none());
      world.settle();
      assertThat(statusOf(run))
          .as("crash of the closer after discard %d", discard)
          .isEqualTo(resumed ? Status.SUCCESS : Status.FAILED);
      assertNothingIsLeft();
    }
  }

  @Test
  void aSnapshotThatIsMadeWhileItsRunIsCancelledIsReleased() {
    for (When when : When.values()) {
      for (int snapshot = 1; snapshot <= 5; snapshot++) {
        String id = (when == When.BEFORE ? "before" : "after") + snapshot;
        world.pauseAt(
            "Source.snapshot",
            snapshot,
            when,
            () -> {
              world.hire().dispatcher().cancel(operator.runs("c1").get(0).id());
              world.othersWork();
            });
        operator.backup("c1", id);
        world.settle();
        assertThat(operator.runs("c1").get(0).status()).isEqualTo(Status.CANCELED);
        assertNothingIsLeft();
      }
    }
  }

  @Test
  void aGuardThatIsTakenWhileItsRunIsCancelledIsDropped() {
    for (When when : When.values()) {
      world.pauseAt(
          "Guard.take",
          1,
          when,
          () -> {
            world.hire().dispatcher().cancel(operator.runs("c1").get(0).id());
            world.othersWork();
          });
      operator.backup("c1", "taken-" + when.name().toLowerCase(java.util.Locale.ROOT));
      world.settle();
      assertThat(operator.runs("c1").get(0).status()).isEqualTo(Status.CANCELED);
      assertNothingIsLeft();
    }
  }

  @Test
  void aGuardThatIsRenewedWhileItsRunIsCancelledIsDropped() {
    for (When when : When.values()) {
      String id = "renewed-" + when.name().toLowerCase(java.util.Locale.ROOT);
      String run = operator.backup("c1", id).run();
      world.workUntil(() -> statusOf(run) == Status.TRANSFERRING);
      world.pauseAt(
          "Guard.take",
          1,
          when,
          () -> {
            world.hire().dispatcher().cancel(run);
            world.othersWork();
          });
      world.pause(World.SETTINGS.watchEvery());
      world
          .worker()
          .dispatcher()
          .dispatch(watch(run), Slice.of(Duration.ofMinutes(1), world.clock));
      assertThat(world.faults().counts()).containsEntry("Guard.take", 1);
      world.settle();
      assertThat(statusOf(run)).isEqualTo(Status.CANCELED);
      assertNothingIsLeft();
    }
  }

  @Test
  void aGuardIsRenewedForAsLongAsItsRunTransfersAndDroppedThen() {
    String run = operator.backup("c1", "all-new").run();
    world.workUntil(() -> statusOf(run) == Status.TRANSFERRING);
    var longAfter = world.clock.instant().plus(Duration.ofHours(2));
    while (world.clock.instant().isBefore(longAfter)) {
      world.pause(Duration.ofMinutes(1));
      world.worker().dispatcher().tick();
      while (world.handleOne(world.worker(), Queue.CONTROL)) {}
      assertThat(world.engine("c1").holdings().guards())
          .as("guards at %s", world.clock.instant())
          .hasSize(1);
    }
    world.settle();
    assertSealed("all-new");
    assertNothingIsLeft();
  }

  @Test
  void anEngineThatRefusesToRenewItsGuardDelaysNoUnit() {
    String run = operator.backup("c1", "all-new").run();
    world.workUntil(() -> statusOf(run) == Status.TRANSFERRING);
    world.attack(FaultPlan.always("Guard.take", Fault.failBefore()));
    world.worker().dispatcher().dispatch(watch(run), Slice.of(Duration.ofMinutes(1), world.clock));
    assertThat(world.faults().counts()).containsEntry("Guard.take", 1);
    world.settle();
    assertSealed("all-new");
    assertNothingIsLeft();
  }

  private static WorkItem watch(String run) {
    return WorkItem.ofRun(WorkItem.Kind.RUN_WATCH, run);
  }

  @Test
  void whoSleptAnywhereUntilItsRunWasCancelledAndClosedAcquiresNothing() {
    int gets = countCalls(new World(Setting.calm()).cluster("c1"), "StateTable.get");
    for (int get = 1; get <= gets; get++) {
      for (When when : When.values()) {
        World each = new World(Setting.calm().with(Setting.Host.CLOUD)).cluster("c1");
        var asks = new Operator(each);
        each.pauseAt(
            "StateTable.get",
            get,
            when,
            () ->
                asks.runs("c1").stream()
                    .filter(run -> !run.status().terminal())
                    .forEach(
                        run -> {
                          if (run.status() != Status.FINALIZING) {
                            each.hire().dispatcher().cancel(run.id());
                          }
                          each.othersWorkUntil(() -> asks.run(run.id()).closed());
                        }));
        var auditor = new Auditor(each);
        asks.backup("c1", "all-new");
        each.settle();
        assertThat(auditor.findings()).as("asleep %s get %d", when, get).isEmpty();
      }
    }
  }

  @Test
  void aRestoreThatIsCancelledWhileAUnitBeginsLeavesNothing() {
    seal("all-base");
    for (int begin = 1; begin <= 5; begin++) {
      world.pauseAt(
          "Target.begin",
          begin,
          When.BEFORE,
          () -> {
            world.hire().dispatcher().cancel(operator.runs("c1").get(0).id());
            world.othersWork();
          });
      operator.restore(
          new RestoreRequest(
              "c1",
              null,
              null,
              "all-base",
              List.of(),
              List.of(),
              List.of(),
              Map.of(),
              Map.of(),
              "-r" + begin,
              "",
              false));
      world.settle();
      assertThat(operator.runs("c1").get(0).status()).isEqualTo(Status.CANCELED);
      assertNothingIsLeft();
    }
  }

  @Test
  void aRestoreThatFailsWhileItIsMadeVisibleSaysWhichCollectionsAre() {
    seal("all-base");
    for (int commit = 1; commit <= 5; commit++) {
      for (var fault :
          Map.of("-refused", Fault.refuse(), "-failed", Fault.failBefore()).entrySet()) {
        String suffix = fault.getKey() + commit;
        world.attack(from("Target.commit", commit, fault.getValue()));
        String run = operator.restore(beside("all-base", suffix)).run();
        RunView end = operator.settled(run);
        assertThat(end.status()).isEqualTo(Status.FAILED);
        assertThat(end.error()).endsWith(whatIsVisible(suffix));
        assertNothingIsLeft();
      }
    }
  }

  @Test
  void aRestoreThatFailsAfterAllOfItIsVisibleSaysSo() {
    seal("all-base");
    String run = operator.restore(beside("all-base", "-copy")).run();
    world.workUntil(() -> statusOf(run) == Status.FINALIZING);
    world.attack(FaultPlan.always("Catalog.shards", Fault.refuse()));
    assertThat(operator.settled(run).error())
        .endsWith("all that it restores is visible: alpha-copy, beta-copy, gamma-copy");
    assertNothingIsLeft();
  }

  private String whatIsVisible(String suffix) {
    List<String> there = world.engine("c1").shardNames();
    long alphas = there.stream().filter(name -> name.startsWith("alpha" + suffix)).count();
    List<String> whole = new ArrayList<>();
    List<String> hidden = new ArrayList<>();
    (alphas == 3 ? whole : hidden).add("alpha" + suffix);
    (there.contains("beta" + suffix) ? whole : hidden).add("beta" + suffix);
    (there.contains("gamma" + suffix + "/s1") ? whole : hidden).add("gamma" + suffix);
    String part = alphas == 0 || alphas == 3 ? "" : "; visible in part: " + hidden.remove(0);
    if (whole.isEmpty() && part.isEmpty()) {
      return "nothing of what it restores is visible";
    }
    return "of what it restores, "
        + (whole.isEmpty() ? "" : "visible as a whole: " + String.join(", ", whole))
        + (whole.isEmpty() ? part.substring(2) : part)
        + (hidden.isEmpty() ? "" : "; not visible: " + String.join(", ", hidden));
  }

  /** Every call from the n-th on goes wrong. */
  private static FaultPlan from(String call, int number, Fault fault) {
    return each ->
        each.name().equals(call) && each.number() >= number ? Optional.of(fault) : Optional.empty();
  }

  private static RestoreRequest beside(String id, String suffix) {
    return new RestoreRequest(
        "c1", null, null, id, List.of(), List.of(), List.of(), Map.of(), Map.of(), suffix, "",
        false);
  }

  // Helpers.

  private RunView seal(String id) {
    RunView run = operator.settled(operator.backup("c1", id).run());
    assertThat(run.status()).as("%s: %s", id, run.error()).isEqualTo(Status.SUCCESS);
    world.pause(Duration.ofMinutes(5));
    return run;
  }

  private void change(String name, int generation) {
    for (Shards.Name each : world.shards("c1").names()) {
      if (each.toString().equals(name)) {
        world.shards("c1").change(each, generation);
      }
    }
    world.pause(Duration.ofMinutes(5));
  }

  /** How often a call is made by a backup like the next one. */
  private int callsOf(String call, String id) {
    var faults = world.attack(FaultPlan.none());
    seal(id);
    int count = faults.counts().getOrDefault(call, 0);
    world.attack(FaultPlan.none());
    return count;
  }

  private static List<Call> dry(Setting setting) {
    World dry = new World(setting).cluster("c1");
    var faults = dry.attack(FaultPlan.none());
    var asks = new Operator(dry);
    asks.end(asks.backup("c1", "all-new").run());
    return faults.calls();
  }

  private static int countCalls(World dry, String call) {
    var faults = dry.attack(FaultPlan.none());
    var asks = new Operator(dry);
    asks.end(asks.backup("c1", "all-new").run());
    return faults.counts().getOrDefault(call, 0);
  }

  /** A world without a watchdog that would mend what was forgotten. */
  private static World impatient() {
    return new World(Setting.calm())
        .with(
            new FlowSettings(
                Duration.ofMinutes(10),
                Duration.ofDays(1),
                2,
                8,
                Duration.ofSeconds(1),
                Duration.ofMinutes(2),
                BinSettings.NONE))
        .cluster("c1");
  }

  private void takeOver(String clusterId, String deployment) {
    Vault vault = Vault.open(world.store);
    vault.own(clusterId, vault.owner(clusterId).orElse(null), deployment, world.clock.instant());
  }

  private static BackupRequest withBase(String id, String base) {
    return new BackupRequest(
        "c1", null, id, List.of(), List.of(), base, Map.of(), null, null, null);
  }

  private static RestoreRequest replacing(String id) {
    return new RestoreRequest(
        "c1", null, null, id, List.of(), List.of(), List.of(), Map.of(), Map.of(), "", "", true);
  }

  private Status statusOf(String run) {
    return operator.run(run).status();
  }

  /** Units that are out now, as raw rows. */
  private List<Row> claimed(String run) {
    return world.rows().stream()
        .filter(row -> row.partition().startsWith("l:" + run) && row.sort().startsWith("open:"))
        .filter(row -> body(row).path("claimed").asBoolean())
        .toList();
  }

  private void assertSealed(String id) {
    assertThat(body(row("backup:main:" + id)).path("state").asText()).isEqualTo("SEALED");
    contentOf(id)
        .forEach(
            (name, files) ->
                assertThat(files)
                    .as("%s of %s", name, id)
                    .isEqualTo(Shards.now(world.engine("c1"), name)));
  }

  private Map<Shards.Name, Map<String, String>> contentOf(String id) {
    return new VaultContents(world.store).read(clusterIdOf(id), id);
  }

  private void assertNothingIsLeft() {
    assertThat(world.engine("c1").holdings().nothing())
        .as(world.engine("c1").holdings().toString())
        .isTrue();
    assertThat(world.rows())
        .noneMatch(
            row ->
                row.partition().startsWith("r:")
                    || row.partition().startsWith("l:")
                    || row.sort().equals("engine"));
    assertThat(operator.runs("c1")).allMatch(RunView::closed);
  }

  private String clusterIdOf(String id) {
    return body(row("backup:main:" + id)).path("summary").path("clusterId").asText();
  }

  private Row row(String sort) {
    return row("c:c1", sort);
  }

  private Row row(String partition, String sort) {
    return world.table.get(partition, sort).orElseThrow();
  }

  private static JsonNode body(Row row) {
    return Auditor.body(row);
  }
}
