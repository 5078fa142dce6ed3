package dev.tidemark.core.flow;

import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.failure.TransientFailure;
import dev.tidemark.core.state.Commit;
import dev.tidemark.core.verify.Checkpoint;
import java.util.Optional;

/** Starts verifications. They touch no engine, so they run beside backups and restores. */
final class VerifyScheduler {
  private final Platform platform;
  private final Ledger ledger;
  private final Watchdog watchdog;

  VerifyScheduler(Platform platform, Ledger ledger, Watchdog watchdog) {
    this.platform = platform;
    this.ledger = ledger;
    this.watchdog = watchdog;
  }

  Accepted create(VerifyRequest request) {
    Optional<Accepted> before = atWork(request);
    if (before.isPresent()) {
      return before.get();
    }
    long now = platform.clock().instant().toEpochMilli();
    RunRow run =
        new RunRow(
            1,
            RunRow.Kind.VERIFY,
            Status.STARTED,
            request.cluster(),
            request.cluster(),
            request.clusterId(),
            platform.ids().text(12),
            request.vault(),
            request.backupId(),
            platform.site().newest(),
            now,
            now,
            0,
            false,
            false,
            0,
            -1,
            false,
            null,
            null,
            "");
    var start =
        Checkpoint.start(
            request.clusterId(),
            request.backupId(),
            BackupVerifier.level(request.percent(), run.writer()));
    watchdog.armAhead(run.id());
    ledger.noteCluster(request.cluster());
    Commit commit =
        Commit.in(Rows.cluster(request.cluster()))
            .create(Rows.run(run.writer()), RowCodec.write(run))
            .create(
                Rows.verification(run.writer()),
                RowCodec.write(new VerifyRow(1, request.percent(), start, 0)))
            .create(
                Rows.verifying(request.vault(), request.backupId()),
                RowCodec.write(new VerifyingRow(1, run.id(), request.percent())));
    if (ledger.commit(commit)) {
      return new Accepted(run.id(), request.backupId(), Status.STARTED, true);
    }
    return atWork(request)
        .orElseThrow(
            () ->
                new TransientFailure(
                    "another verification of backup " + request.backupId() + " has just ended"));
  }

  /** The run in progress that the same request has started. */
  private Optional<Accepted> atWork(VerifyRequest request) {
    Optional<VerifyingRow> row =
        ledger
            .find(
                Rows.cluster(request.cluster()),
                Rows.verifying(request.vault(), request.backupId()),
                VerifyingRow.class)
            .map(Held::value);
    if (row.isEmpty()) {
      return Optional.empty();
    }
    String run = row.get().run();
    if (row.get().percent() != request.percent()) {
      throw PermanentFailure.of(
              PermanentFailure.Kind.CONFLICT, "verification of backup " + request.backupId())
          .expected("no other one at work on it")
          .found("run %s, which reads %d %% of its content".formatted(run, row.get().percent()))
          .hint("wait until it has ended, or cancel it")
          .run(run);
    }
    Status status = ledger.run(run).map(held -> held.value().status()).orElse(Status.STARTED);
    return Optional.of(new Accepted(run, request.backupId(), status, false));
  }
}
