package dev.tidemark.local.cli;

import dev.tidemark.core.control.BackupName;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code tidemark backup cancel}. */
@Command(
    name = "cancel",
    description = "Cancels a backup in progress, and waits until it holds nothing any more.")
final class BackupCancel implements Callable<Integer> {
  private final Session session;

  @Mixin BackupArguments backup = new BackupArguments();

  BackupCancel(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    BackupName name = backup.name(session);
    return session.followToCancellation(session.open().cancelBackup(name));
  }
}
