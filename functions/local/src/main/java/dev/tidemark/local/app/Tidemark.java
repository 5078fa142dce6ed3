package dev.tidemark.local.app;

import dev.tidemark.core.control.Control;
import dev.tidemark.core.control.RunView;
import dev.tidemark.core.control.VaultPlace;

/**
 * The application of the command line: what every host can be asked, and what this one does itself.
 *
 * <p>Methods that start a run return as soon as it stands in the table. It is worked by {@link
 * #await}, or by a server on the same state folder.
 */
public interface Tidemark extends Control, AutoCloseable {

  /**
   * Works every run of the state folder, and starts those that schedules ask for, until it is told
   * to stop.
   *
   * @throws dev.tidemark.core.failure.PermanentFailure CONFLICT where another process does so,
   *     INVALID where it cannot listen as it is told to
   */
  void serve(ServeOptions options, Serving serving);

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

  /** Counts what lies in a vault, which reads all that describes its content. */
  VaultStats vaultStats(VaultPlace place);

  @Override
  void close();

  /** Told by the thread that works the run. */
  interface ProgressListener {
    ProgressListener NONE = progress -> {};

    void progress(Progress progress);
  }
}
