package dev.tidemark.local.cli;

import dev.tidemark.core.control.CreateBackup;
import dev.tidemark.core.control.RunView;
import dev.tidemark.core.vault.Compression;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tidemark backup create}. */
@Command(
    name = "create",
    description = {
      "Backs up a cluster, and waits for the end.",
      "Ctrl-C ends the waiting (exit code 3), not the run: 'backup resume ID' goes on with it."
    })
final class BackupCreate implements Callable<Integer> {
  private final Session session;

  @Parameters(paramLabel = "CLUSTER", description = "A cluster of the configuration.")
  String cluster = "";

  @Option(names = "--id", paramLabel = "ID", description = "1 to 128 of a-z, 0-9, _ and -.")
  @Nullable String id;

  @Option(
      names = "--vault",
      paramLabel = "NAME",
      description = "A vault of the configuration. Default: the policy's, or the cluster's.")
  @Nullable String vault;

  @Option(
      names = "--policy",
      paramLabel = "NAME",
      description = "Take vault, selection and labels from a policy, where they are not given.")
  @Nullable String policy;

  @Option(
      names = "--include",
      paramLabel = "NAME",
      split = ",",
      description = "Only these collections; * in them stands for anything.")
  List<String> include = new ArrayList<>();

  @Option(
      names = "--exclude",
      paramLabel = "NAME",
      split = ",",
      description = "All collections but these.")
  List<String> exclude = new ArrayList<>();

  @Option(
      names = "--base",
      paramLabel = "ID|none",
      description =
          "The backup whose data may be reused. Default: the newest good one of the cluster.")
  @Nullable String base;

  @Option(
      names = "--label",
      paramLabel = "NAME=VALUE",
      description = "A label, for lists. Repeatable.")
  List<String> labels = new ArrayList<>();

  @Option(
      names = "--compression",
      paramLabel = "NAME",
      description = "ZstdBestSpeed, ZstdDefaultCompression, ZstdBestCompression, NoCompression …")
  @Nullable String compression;

  @Option(
      names = "--chunk-size",
      paramLabel = "MiB",
      description = "2 to 512; used rounded to a multiple of 8 from 8 to 56.")
  @Nullable String chunkSize;

  @Option(names = "--wait", description = "Wait for the end. The default.")
  boolean wait;

  @Option(
      names = "--detach",
      description = "Do not wait: a server on the same state folder, or a later command, works it.")
  boolean detach;

  BackupCreate(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    CreateBackup request = request();
    session.notices();
    RunView run = session.open().createBackup(request);
    if (Waiting.isDetached(wait, detach)) {
      session.output.run(run);
      return ExitCode.DONE;
    }
    return session.follow(run);
  }

  private CreateBackup request() {
    Waiting.isDetached(wait, detach);
    Arguments.selection(include, exclude);
    CreateBackup.Base from = Arguments.base(base);
    Compression level = Arguments.compression(compression);
    Integer chunk = Arguments.chunkMebibytes(chunkSize);
    if (chunk != null && !chunk.toString().equals(chunkSize)) {
      session.output.note("--chunk-size: %s MiB is used as %d MiB".formatted(chunkSize, chunk));
    }
    return new CreateBackup(
        session.configured("cluster", cluster, known -> known.clusters().keySet()),
        id == null ? null : Arguments.backupId(id),
        vault == null ? null : VaultOption.named(session, vault),
        policy == null
            ? null
            : session.configured("policy", policy, known -> known.policies().keySet()),
        include,
        exclude,
        from,
        Arguments.labels(labels),
        level,
        chunk);
  }
}
