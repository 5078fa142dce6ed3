package dev.tidemark.local.cli;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The command without a subcommand, and the options that every subcommand has. */
@Command(
    name = "tidemark",
    mixinStandardHelpOptions = true,
    scope = ScopeType.INHERIT,
    versionProvider = VersionLine.class,
    description = "Backs up vector databases, and restores them.",
    synopsisSubcommandLabel = "COMMAND",
    usageHelpAutoWidth = true,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:done",
      "1:failed, or something that was verified is damaged",
      "2:bad input: nothing was started",
      "3:canceled, or interrupted by Ctrl-C (the run itself goes on: see backup resume)"
    })
final class Globals {

  @Option(
      names = "--config",
      paramLabel = "FILE",
      scope = ScopeType.INHERIT,
      description =
          "The configuration. Default: ./tidemark.yaml where there is one, else $$TIDEMARK_CONFIG.")
  @Nullable Path config;

  @Option(
      names = "--state",
      paramLabel = "DIR",
      scope = ScopeType.INHERIT,
      description =
          "The folder of what runs and waits. Default: settings.state of the configuration, else"
              + " $$XDG_STATE_HOME/tidemark, else ~/.local/state/tidemark.")
  @Nullable Path state;

  @Option(
      names = "--server",
      paramLabel = "URL",
      scope = ScopeType.INHERIT,
      description =
          "Ask this server's API, instead of working here. Needs no configuration; the server's"
              + " holds.")
  @Nullable String server;

  @Option(
      names = "--token",
      paramLabel = "env:NAME|file:PATH",
      scope = ScopeType.INHERIT,
      description = "Where the server's token is kept; never the token itself.")
  @Nullable String token;

  @Option(
      names = "--server-ca",
      paramLabel = "FILE",
      scope = ScopeType.INHERIT,
      description =
          "Certificates (PEM) of the authorities that the server's certificate may come from,"
              + " instead of those that Java knows.")
  @Nullable Path serverCa;

  @Option(names = "--json", scope = ScopeType.INHERIT, description = "Print one JSON document.")
  boolean json;

  @Option(names = "--no-progress", scope = ScopeType.INHERIT, description = "Print no progress.")
  boolean noProgress;

  @Option(names = "--debug", scope = ScopeType.INHERIT, description = "Print stack traces.")
  boolean debug;
}
