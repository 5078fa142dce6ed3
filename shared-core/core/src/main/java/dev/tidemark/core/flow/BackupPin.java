package dev.tidemark.core.flow;

import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.state.Commit;
import dev.tidemark.core.vault.Manifest;
import dev.tidemark.core.vault.Vault;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Keeps a sealed backup from being deleted while a run reads it. */
final class BackupPin {
  /** How long a reader's note asks the owning deployment to keep a backup. */
  private static final Duration READING = Duration.ofHours(24);

  private final Platform platform;
  private final Ledger ledger;
  private final Archives archives;

  BackupPin(Platform platform, Ledger ledger, Archives archives) {
    this.platform = platform;
    this.ledger = ledger;
    this.archives = archives;
  }

  /**
   * Pins the backup that a run reads, which owes that already.
   *
   * @param what this deployment does with it, in a word or two
   * @throws PermanentFailure NOT_FOUND where the table knows that it was deleted, or nobody knows
   *     it
   */
  void hold(RunRow run, String what) {
    pin(run);
    noteReader(run, archives.of(run).vault(), what);
  }

  /**
   * The same for a backup that must be there.
   *
   * @throws PermanentFailure NOT_FOUND where it was deleted
   */
  void take(RunRow run, String what) {
    pin(run);
    Vault vault = archives.of(run).vault();
    if (!vault.exists(run.clusterId(), run.backupId())) {
      throw gone(run);
    }
    noteReader(run, vault, what);
  }

  /** Pins the backup in its own row; one that only the vault knows gets a row. */
  private void pin(RunRow run) {
    ledger.noteCluster(run.source());
    String partition = Rows.cluster(run.source());
    String sort = Rows.backup(run.vault(), run.backupId());
    while (true) {
      Optional<Held<BackupRow>> held = ledger.find(partition, sort, BackupRow.class);
      if (held.isPresent() && held.get().value().pins().contains(run.id())) {
        return;
      }
      if (held.isPresent() && held.get().value().state() != BackupRow.State.SEALED) {
        throw gone(run);
      }
      Commit commit =
          held.isPresent()
              ? Commit.in(partition)
                  .replace(held.get().row(), RowCodec.write(held.get().value().pinned(run.id())))
              : Commit.in(partition).create(sort, RowCodec.write(foreign(run).pinned(run.id())));
      if (ledger.commit(commit)) {
        return;
      }
    }
  }

  private BackupRow foreign(RunRow run) {
    Manifest.Header header =
        archives
            .of(run)
            .vault()
            .manifest(run.clusterId(), run.backupId())
            .orElseThrow(() -> gone(run))
            .header();
    return BackupRow.of(run.vault(), header);
  }

  /** A deployment that does not own the backup cannot pin it; it asks for time in the vault. */
  private void noteReader(RunRow run, Vault vault, String what) {
    boolean foreign =
        vault
            .owner(run.clusterId())
            .filter(owner -> !owner.deployment().equals(platform.deployment()))
            .isPresent();
    if (foreign) {
      Instant now = platform.clock().instant();
      vault.note(
          run.clusterId(),
          run.backupId(),
          "reader",
          "deployment " + platform.deployment() + " " + what,
          now,
          now.plus(READING));
    }
  }

  static PermanentFailure gone(RunRow run) {
    return PermanentFailure.of(
            PermanentFailure.Kind.NOT_FOUND, "backup " + run.backupId() + " of " + run.source())
        .expected("a sealed backup in vault " + run.vault())
        .found("it was deleted since this was asked for")
        .hint("`backup list` shows those that there are");
  }
}
