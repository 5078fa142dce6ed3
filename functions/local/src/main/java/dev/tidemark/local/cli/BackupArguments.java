package dev.tidemark.local.cli;

import dev.tidemark.core.control.BackupName;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Which backup. */
final class BackupArguments {

  @Parameters(paramLabel = "ID", description = "The backup's id.")
  String id = "";

  @Option(
      names = "--cluster",
      paramLabel = "NAME",
      description = "The cluster that it is of, where several have a backup of this id.")
  @Nullable String cluster;

  @Mixin VaultOption vault = new VaultOption();

  BackupName name(Session session) {
    return new BackupName(Arguments.backupId(id), cluster, vault.placeOrConfigured(session));
  }
}
