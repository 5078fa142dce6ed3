package dev.tidemark.core.flow;

import dev.tidemark.core.state.StateTable;
import dev.tidemark.core.verify.Checkpoint;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads the table for people; changes nothing. */
public final class Register {
  /** How many units in work a view shows of each lane. */
  private static final int UNITS_SHOWN = 20;

  private final Ledger ledger;
  private final Duration resumeWindow;

  public Register(StateTable table, FlowSettings settings) {
    this.ledger = new Ledger(table);
    this.resumeWindow = settings.resumeWindow();
  }

  /** The clusters that the table knows, in byte order. */
  public List<String> clusters() {
    return ledger.rows(Rows.CLUSTERS, "").stream().map(row -> row.sort()).toList();
  }

  /** A run with its units in work. */
  public Optional<RunView> run(String id) {
    return ledger.run(id).map(held -> view(held.value(), true));
  }

  /** All runs of a cluster that the table knows, the newest first. */
  public List<RunView> runs(String cluster) {
    List<RunView> runs = new ArrayList<>();
    for (Held<RunRow> held : ledger.all(Rows.cluster(cluster), Rows.RUN, RunRow.class)) {
      runs.add(view(held.value(), false));
    }
    runs.sort((a, b) -> b.started().compareTo(a.started()));
    return runs;
  }

  /** Whether a run may hold something outside the table. */
  public boolean owes(String run) {
    return ledger.any(Rows.ofRun(run), Rows.OWED);
  }

  /** The run that may touch a cluster's engine now. */
  public Optional<String> active(String cluster) {
    return ledger
        .find(Rows.cluster(cluster), Rows.ENGINE, EngineRow.class)
        .map(held -> held.value().run());
  }

  /** The slots of policies on a cluster that were dealt with last. */
  public List<SlotView> slots(String cluster) {
    List<SlotView> slots = new ArrayList<>();
    for (Held<SlotRow> held : ledger.all(Rows.cluster(cluster), Rows.SLOT, SlotRow.class)) {
      SlotRow row = held.value();
      slots.add(
          new SlotView(
              cluster,
              held.row().sort().substring(Rows.SLOT.length()),
              Instant.ofEpochMilli(row.slot()),
              row.outcome(),
              row.detail(),
              Instant.ofEpochMilli(row.since())));
    }
    return slots;
  }

  /** How many items wait for their time. */
  public long timers() {
    return ledger.rows(Rows.TIMERS, Rows.DUE).size();
  }

  /** All backups of a cluster that the table knows, the newest first. */
  public List<BackupView> backups(String cluster) {
    List<BackupView> backups = new ArrayList<>();
    for (Held<BackupRow> held : ledger.all(Rows.cluster(cluster), "backup:", BackupRow.class)) {
      backups.add(view(cluster, held.value()));
    }
    backups.sort((a, b) -> b.started().compareTo(a.started()));
    return backups;
  }

  /** A backup, if the table knows it. */
  public Optional<BackupView> backup(String cluster, String vault, String backupId) {
    return ledger
        .find(Rows.cluster(cluster), Rows.backup(vault, backupId), BackupRow.class)
        .map(held -> view(cluster, held.value()));
  }

  private static BackupView view(String cluster, BackupRow row) {
    BackupRow.Summary summary = row.summary();
    return new BackupView(
        cluster,
        summary.vault(),
        summary.backupId(),
        summary.clusterId(),
        cluster + "." + summary.writer(),
        summary.engine(),
        summary.base(),
        summary.policy(),
        row.state().toString(),
        Instant.ofEpochMilli(summary.started()),
        summary.sealed() == 0 ? null : Instant.ofEpochMilli(summary.sealed()),
        summary.labels(),
        row.suspect(),
        summary.units(),
        summary.files(),
        summary.bytes(),
        summary.stored(),
        summary.missing(),
        summary.unreachable(),
        row.pins());
  }

  private RunView view(RunRow run, boolean withUnits) {
    List<RunView.UnitView> open = new ArrayList<>();
    long done = run.status() == Status.SUCCESS ? run.units() : 0;
    if (withUnits && run.units() > 0 && !run.status().terminal()) {
      done = countDone(run, open);
    }
    Instant touched = Instant.ofEpochMilli(run.touched());
    if (run.kind() == RunRow.Kind.VERIFY) {
      return verification(run, touched);
    }
    return new RunView(
        run.id(),
        run.kind() == RunRow.Kind.BACKUP ? "backup" : "restore",
        run.status(),
        run.cluster(),
        run.vault(),
        run.backupId(),
        Instant.ofEpochMilli(run.created()),
        run.status().terminal() ? touched : null,
        run.units(),
        done,
        run.restore() == null ? 0 : run.restore().files(),
        run.restore() == null ? 0 : run.restore().bytes(),
        open,
        resumableUntil(run, touched),
        run.closed(),
        run.error(),
        null);
  }

  private RunView verification(RunRow run, Instant touched) {
    Optional<Checkpoint> reached =
        ledger
            .find(Rows.cluster(run.cluster()), Rows.verification(run.writer()), VerifyRow.class)
            .map(held -> held.value().checkpoint());
    return new RunView(
        run.id(),
        "verify",
        run.status(),
        run.cluster(),
        run.vault(),
        run.backupId(),
        Instant.ofEpochMilli(run.created()),
        run.status().terminal() ? touched : null,
        run.units(),
        reached.map(Checkpoint::unitsDone).orElse(0L),
        reached.map(checkpoint -> checkpoint.report().files()).orElse(0L),
        reached.map(checkpoint -> checkpoint.report().bytesRead()).orElse(0L),
        List.of(),
        null,
        run.closed(),
        run.error(),
        reached.map(Checkpoint::report).orElse(null));
  }

  private long countDone(RunRow run, List<RunView.UnitView> open) {
    long left = 0;
    for (Held<LaneRow> lane : ledger.all(Rows.ofRun(run.id()), Rows.LANE_OPEN, LaneRow.class)) {
      String partition = Rows.ofLane(run.id(), lane.value().lane());
      int shown = 0;
      for (Held<UnitRow> held : ledger.all(partition, Rows.OPEN, UnitRow.class)) {
        left++;
        UnitRow unit = held.value();
        if (unit.claimed() && shown++ < UNITS_SHOWN) {
          open.add(new RunView.UnitView(unit.unit(), unit.title(), unit.node(), unit.attempts()));
        }
      }
    }
    return run.units() - left;
  }

  private @Nullable Instant resumableUntil(RunRow run, Instant touched) {
    return RunCloser.resumable(run) && !run.closed() ? touched.plus(resumeWindow) : null;
  }
}
