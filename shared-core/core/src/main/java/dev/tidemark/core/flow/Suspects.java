package dev.tidemark.core.flow;

import dev.tidemark.core.state.Commit;
import dev.tidemark.core.vault.Vault;
import java.util.Optional;

/** Backups whose data turned out not to be what their entries say. */
final class Suspects {
  private final Platform platform;
  private final Ledger ledger;

  Suspects(Platform platform, Ledger ledger) {
    this.platform = platform;
    this.ledger = ledger;
  }

  /** Notes it in the vault, and keeps the base of this run from being chosen again. */
  void mark(RunRow run, Vault vault, String unit) {
    String base = run.facts().base();
    String clusterId = run.facts().baseClusterId();
    if (base == null || clusterId == null) {
      return;
    }
    vault.note(
        clusterId,
        base,
        "suspect",
        "unit "
            + unit
            + ": a file with the same identity has other bytes (backup "
            + run.backupId()
            + ")",
        platform.clock().instant(),
        null);
    String partition = Rows.cluster(run.cluster());
    String sort = Rows.backup(run.vault(), base);
    while (true) {
      Optional<Held<BackupRow>> row =
          ledger.find(partition, sort, BackupRow.class).filter(held -> !held.value().suspect());
      if (row.isEmpty()
          || ledger.commit(
              Commit.in(partition)
                  .replace(row.get().row(), RowCodec.write(row.get().value().suspected())))) {
        return;
      }
    }
  }
}
