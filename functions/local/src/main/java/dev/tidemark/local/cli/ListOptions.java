package dev.tidemark.local.cli;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What every list can be narrowed by. */
final class ListOptions {

  @Option(names = "--cluster", paramLabel = "NAME", description = "Only those of this cluster.")
  @Nullable String cluster;

  @Option(
      names = "--status",
      paramLabel = "STATUS",
      split = ",",
      description = "Only those with this status, like SUCCESS or FAILED. Repeatable.")
  List<String> statuses = new ArrayList<>();

  @Option(
      names = "--since",
      paramLabel = "WHEN",
      description = "Only those that started since: 7d, 12h, 2026-11-01, 2026-11-01T08:30.")
  @Nullable String since;

  @Option(
      names = "--limit",
      paramLabel = "N",
      defaultValue = "100",
      description = "At most so many. Default: 100.")
  String limit = "100";
}
