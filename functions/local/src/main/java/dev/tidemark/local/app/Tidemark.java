package dev.tidemark.local.app;

import dev.tidemark.core.vault.Entry;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Consumer;

/**
 * The application. A refused request is a {@link dev.tidemark.core.failure.PermanentFailure} of
 * kind INVALID, NOT_FOUND or CONFLICT, and has started nothing. The same request again gets the
 * same answer. Lists are ordered by start, the newest first.
 *
 * <p>Methods that start a run return as soon as it stands in the table. It is worked by {@link
 * #await}, or by a server on the same state folder.
 */
public interface Tidemark extends AutoCloseable {

  /**
   * Starts a backup. With an id that a run of the same request already has, that run is answered.
   *
   * @throws dev.tidemark.core.failure.PermanentFailure CONFLICT where the id is in use otherwise,
   *     or another run is active on the cluster, naming it
   */
  RunView createBackup(CreateBackup request);

  /** The backups that match, those in progress or failed included. */
  List<BackupView> backups(BackupFilter filter);

  /**
   * @throws dev.tidemark.core.failure.PermanentFailure NOT_FOUND; CONFLICT where several have this
   *     name, listing them
   */
  BackupDetails backup(BackupName name);

  /** Gives every matching entry of a sealed backup to the consumer, in order. */
  void contents(ContentsRequest request, Consumer<EntryView> entries);

  /** Gives every difference between two sealed backups of one cluster to the consumer, in order. */
  DiffTotals diff(BackupName from, BackupName to, Consumer<DiffView> differences);

  /**
   * Asks a backup in progress to end; {@link #await} sees the end. Does nothing where it is
   * canceled already.
   *
   * @throws dev.tidemark.core.failure.PermanentFailure CONFLICT from FINALIZING on
   */
  RunView cancelBackup(BackupName name);

  /**
   * Makes a failed backup go on, within its resume window. Does nothing where it has succeeded, or
   * is in progress, as after a crash: {@link #await} works it on.
   *
   * @throws dev.tidemark.core.failure.PermanentFailure CONFLICT where it has ended otherwise, or
   *     its window is over
   */
  RunView resumeBackup(BackupName name);

  /**
   * Works every run of the state folder, and starts those that schedules ask for, until it is told
   * to stop.
   *
   * @param metricsPort of the loopback interface for Prometheus text; 0 for any; empty for none
   * @throws dev.tidemark.core.failure.PermanentFailure CONFLICT where another process does so
   */
  void serve(OptionalInt metricsPort, Serving serving);

  /** What {@link #createRestore} would do. Starts and changes nothing. */
  RestorePlan planRestore(CreateRestore request);

  /**
   * Starts a restore. While a restore by the same request is in progress, that one is answered.
   *
   * @throws dev.tidemark.core.failure.PermanentFailure CONFLICT where something exists that is not
   *     to be replaced, naming it
   */
  RunView createRestore(CreateRestore request);

  /**
   * Asks a restore in progress to end: what it has not committed is removed.
   *
   * @param run the run's id
   */
  RunView cancelRestore(String run);

  /**
   * As {@link #resumeBackup}, for a restore.
   *
   * @param run the run's id
   */
  RunView resumeRestore(String run);

  /**
   * @param run the run's id
   * @throws dev.tidemark.core.failure.PermanentFailure NOT_FOUND
   */
  RunView run(String run);

  List<RunView> runs(RunFilter filter);

  /**
   * Works a run until it is terminal (or where a server works this state folder, waits for that),
   * and tells how far it is, a few times a second.
   *
   * @return the run at its end, be it SUCCESS, FAILED, CANCELED or WAITING
   */
  RunView await(String run, ProgressListener listener);

  /** Verifies sealed backups; what is damaged is an answer, not a failure. */
  VerifyReport verify(VerifyRequest request, ProgressListener listener);

  /** Makes the table's rows of a vault anew from the vault alone, and takes ownership. */
  RebuildReport rebuildCatalog(VaultPlace place, ProgressListener listener);

  /**
   * Makes a vault of an empty or absent folder, or of an empty place in a bucket, whose store is
   * probed first. A vault that is there is answered.
   *
   * @throws dev.tidemark.core.failure.PermanentFailure CONFLICT where the place holds other things;
   *     INVALID where the store does not keep what Tidemark relies on
   */
  VaultView createVault(VaultPlace place);

  /** Probes whether a vault's store keeps the promises that Tidemark relies on. */
  VaultCheck checkVault(VaultPlace place);

  VaultStats vaultStats(VaultPlace place);

  @Override
  void close();

  /** Told by the thread that works the run. */
  interface ProgressListener {
    ProgressListener NONE = progress -> {};

    void progress(Progress progress);
  }

  /**
   * An entry of a backup.
   *
   * @param collection the engine's name of what it belongs to
   * @param shard empty where the collection is not divided
   */
  record EntryView(String collection, String shard, Entry entry) {}
}
