package dev.tidemark.core.control;

import dev.tidemark.core.vault.Entry;
import java.util.List;
import java.util.function.Consumer;

/**
 * What every host can be asked. A refused request is a {@link
 * dev.tidemark.core.failure.PermanentFailure} of kind INVALID, NOT_FOUND or CONFLICT, and has
 * started nothing. The same request again gets the same answer. Lists of backups and runs are
 * ordered by start, the newest first; all others by name.
 *
 * <p>Methods that start a run return as soon as it stands in the table. The host's workers work it.
 */
public interface Control {

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

  /**
   * The matching entries of a sealed backup that come after a position, in order. A page takes as
   * long as reading the unit from its beginning to there.
   *
   * @param limit at least 1
   */
  ContentsPage contents(ContentsRequest request, ContentsPage.Position after, int limit);

  /** Gives every difference between two sealed backups of one cluster to the consumer, in order. */
  DiffTotals diff(BackupName from, BackupName to, Consumer<DiffView> differences);

  /**
   * Asks a backup in progress to end. Does nothing where it is canceled already.
   *
   * @throws dev.tidemark.core.failure.PermanentFailure CONFLICT from FINALIZING on
   */
  RunView cancelBackup(BackupName name);

  /**
   * Makes a failed backup go on, within its resume window. Does nothing where it has succeeded, and
   * gives a push to one that is in progress, as after a crash.
   *
   * @throws dev.tidemark.core.failure.PermanentFailure CONFLICT where it has ended otherwise, or
   *     its window is over
   */
  RunView resumeBackup(BackupName name);

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
   * Starts a verification. While one by the same request is in progress, that one is answered. A
   * backup that is damaged makes the run FAILED.
   *
   * @throws dev.tidemark.core.failure.PermanentFailure CONFLICT where the backup is not sealed, or
   *     another verification of it is in progress, naming it
   */
  RunView verifyBackup(VerifyBackup request);

  /**
   * Asks a run in progress to end, whatever it does.
   *
   * @param run the run's id
   */
  RunView cancelRun(String run);

  /**
   * @param run the run's id
   * @throws dev.tidemark.core.failure.PermanentFailure NOT_FOUND
   */
  RunView run(String run);

  List<RunView> runs(RunFilter filter);

  /** The clusters of the configuration. */
  List<ClusterView> clusters();

  /**
   * Looks whether backups of a cluster can be made, and whether its staging area is as it must be.
   * Starts nothing. What is in their way is among the conditions, and no failure.
   *
   * @throws dev.tidemark.core.failure.PermanentFailure NOT_FOUND where it is not configured
   */
  ClusterCheck checkCluster(String cluster);

  /** The vaults of the configuration; none of them is opened. */
  List<ConfiguredVault> vaults();

  /**
   * Makes a vault of an empty place, whose store is probed first. A vault that is there is
   * answered.
   *
   * @throws dev.tidemark.core.failure.PermanentFailure CONFLICT where the place holds other things;
   *     INVALID where the store does not keep what Tidemark relies on
   */
  VaultView createVault(VaultPlace place);

  /** Probes whether a vault's store keeps the promises that Tidemark relies on. */
  VaultCheck checkVault(VaultPlace place);

  /** The policies of the configuration. */
  List<PolicyView> policies();

  /**
   * An entry of a backup.
   *
   * @param collection the engine's name of what it belongs to
   * @param shard empty where the collection is not divided
   */
  record EntryView(String collection, String shard, Entry entry) {}
}
