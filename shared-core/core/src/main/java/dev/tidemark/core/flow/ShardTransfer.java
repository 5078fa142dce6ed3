package dev.tidemark.core.flow;

import dev.tidemark.core.engine.RunToken;
import dev.tidemark.core.engine.Shard;
import dev.tidemark.core.engine.SnapshotGone;
import dev.tidemark.core.engine.Source;
import dev.tidemark.core.engine.UnitReader;
import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.failure.TransientFailure;
import dev.tidemark.core.time.Slice;
import dev.tidemark.core.transfer.Checkpoint;
import dev.tidemark.core.transfer.Meter;
import dev.tidemark.core.transfer.UnitTransfer;
import dev.tidemark.core.vault.Compression;
import dev.tidemark.core.vault.LaneText;
import dev.tidemark.core.vault.PartList;
import dev.tidemark.core.vault.UnitRecord;
import dev.tidemark.core.vault.Vault;
import dev.tidemark.events.WorkItem;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** Moves the bytes of a unit into the vault, for as long as its slice lasts. */
final class ShardTransfer implements Step {
  private final Platform platform;
  private final Ledger ledger;
  private final Archives archives;
  private final DroppedShards dropped;
  private final LaneKeeper lanes;
  private final Suspects suspects;

  ShardTransfer(
      Platform platform,
      Ledger ledger,
      Archives archives,
      DroppedShards dropped,
      LaneKeeper lanes) {
    this.platform = platform;
    this.ledger = ledger;
    this.archives = archives;
    this.dropped = dropped;
    this.lanes = lanes;
    this.suspects = new Suspects(platform, ledger);
  }

  @Override
  public List<Next> run(WorkItem item, Slice slice) {
    return UnitStep.run(platform, ledger, lanes, item, slice, this::transfer);
  }

  private List<Next> transfer(RunRow run, String lane, UnitLease lease, Slice slice) {
    UnitRow unit = lease.unit();
    RunToken token = new RunToken(platform.deployment(), run.writer());
    Source source = platform.site().engine(run.config(), run.cluster()).source();
    String snapshot = Objects.requireNonNull(unit.snapshot());
    Archive archive = archives.of(run);
    Vault vault = archive.vault();
    List<Shard> shards = dropped.left(run, lane, unit);
    Meter meter = platform.meters().of(run.id(), unit.title(), unit.node());
    UnitTransfer.Outcome outcome;
    try (UnitReader reader = source.open(token, unit.unit(), shards, snapshot)) {
      outcome =
          archive
              .transfer()
              .run(
                  job(run, unit, shards, snapshot, archive),
                  reader,
                  slice,
                  meter,
                  checkpoint -> lease.progressed(checkpoint.toJson()));
    } catch (SnapshotGone e) {
      if (lease.unit().attempts() >= platform.settings().maxAttempts()) {
        throw goneTooSoon(lease.unit(), e);
      }
      lease.put(lease.unit().withoutSnapshot(own(lease.unit())));
      return List.of(Next.now(LaneKeeper.first(run, lane, lease.unit())));
    }
    if (outcome instanceof UnitTransfer.Done done) {
      if (done.baseSuspect()) {
        suspects.mark(run, vault, unit.title());
      }
      String row = LaneText.json(done.record().withShards(unit.shards()));
      List<Next> next = lanes.unitDone(run, lane, lease.held(), row);
      releaseEarly(source, token, unit.unit(), shards, snapshot);
      return next;
    }
    lease.put(lease.unit().released());
    return List.of(Next.now(LaneKeeper.first(run, lane, lease.unit())));
  }

  private static PermanentFailure goneTooSoon(UnitRow unit, SnapshotGone gone) {
    return PermanentFailure.of(
            PermanentFailure.Kind.FAILED, "unit " + unit.title() + " (" + unit.unit() + ")")
        .expected("a snapshot that is there until something of it is stored")
        .found("%d in a row that were not: %s".formatted(unit.attempts(), gone.getMessage()))
        .hint("have the engine keep its snapshots for longer, or read it faster; then resume")
        .cause(gone);
  }

  private UnitTransfer.Job job(
      RunRow run, UnitRow unit, List<Shard> shards, String snapshot, Archive archive) {
    RunRow.BackupFacts facts = run.facts();
    Optional<UnitRecord> base =
        unit.baseLane().isEmpty() || facts.baseClusterId() == null
            ? Optional.empty()
            : archive.record(facts.baseClusterId(), unit);
    Compression compression =
        Compression.named(facts.compression())
            .orElseThrow(() -> new IllegalStateException("no such level " + facts.compression()));
    return new UnitTransfer.Job(
        run.clusterId(),
        unit.unit(),
        unit.name(),
        unit.node(),
        shards,
        run.writer(),
        unit.epoch(),
        run.backupId(),
        snapshot,
        compression,
        facts.chunk(),
        base.orElse(null),
        unit.own(),
        unit.checkpoint() == null ? Checkpoint.START : Checkpoint.parse(unit.checkpoint()));
  }

  /** What this run stored of a snapshot that is gone can still be built on. */
  private static List<PartList> own(UnitRow unit) {
    if (unit.checkpoint() == null) {
      return unit.own();
    }
    PartList parts = Checkpoint.parse(unit.checkpoint()).parts();
    if (parts.size() == 0) {
      return unit.own();
    }
    List<PartList> all = new ArrayList<>();
    all.add(parts);
    unit.own().stream().limit(1).forEach(all::add);
    return all;
  }

  /** Gives the node its disk back at once; whatever this misses, closing the run releases. */
  private static void releaseEarly(
      Source source, RunToken token, String unit, List<Shard> shards, String snapshot) {
    try {
      source.release(token, unit, shards, snapshot);
    } catch (TransientFailure | PermanentFailure e) {
      // Owed by the run all the same: RunCloser calls releaseAll until it succeeds.
    }
  }
}
