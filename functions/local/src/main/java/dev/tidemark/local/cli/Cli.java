package dev.tidemark.local.cli;

import dev.tidemark.core.config.ConfigurationReader;
import dev.tidemark.core.config.Nearest;
import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.failure.TransientFailure;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** The command line: the table of commands, and what becomes of their failures. */
public final class Cli {
  private final Environment environment;
  private final Opening opening;
  private final ConfigurationReader reader;

  public Cli(Environment environment, Opening opening, ConfigurationReader reader) {
    this.environment = environment;
    this.opening = opening;
    this.reader = reader;
  }

  /** Runs one command; answers its exit code. */
  public int run(String... arguments) {
    try (var session = new Session(environment, opening, reader)) {
      CommandLine commands = commands(session);
      int exitCode = commands.execute(arguments);
      session.ended(name(commands.getParseResult()), exitCode);
      return exitCode;
    } finally {
      environment.out().flush();
      environment.err().flush();
    }
  }

  private CommandLine commands(Session session) {
    CommandLine root =
        new CommandLine(session.globals)
            .addSubcommand(
                group("backup", "Makes and shows backups.")
                    .addSubcommand(new BackupCreate(session))
                    .addSubcommand(new BackupList(session))
                    .addSubcommand(new BackupShow(session))
                    .addSubcommand(new BackupContents(session))
                    .addSubcommand(new BackupDiff(session))
                    .addSubcommand(new BackupCancel(session))
                    .addSubcommand(new BackupResume(session)))
            .addSubcommand(
                group("restore", "Restores backups.")
                    .addSubcommand(new RestoreCreate(session))
                    .addSubcommand(new RestoreRun.Show(session))
                    .addSubcommand(new RestoreRun.Cancel(session))
                    .addSubcommand(new RestoreRun.Resume(session)))
            .addSubcommand(new Verify(session))
            .addSubcommand(new Serve(session))
            .addSubcommand(new DemoCommand(session))
            .addSubcommand(
                group("catalog", "The table's knowledge of vaults.")
                    .addSubcommand(new VaultCommands.Rebuild(session)))
            .addSubcommand(
                group("vault", "Where backups are kept.")
                    .addSubcommand(new VaultCommands.Create(session))
                    .addSubcommand(new VaultCommands.Check(session))
                    .addSubcommand(new VaultCommands.Stats(session)))
            .addSubcommand(
                group("cluster", "What is backed up.")
                    .addSubcommand(new ClusterCommands.Check(session)))
            .addSubcommand(
                group("config", "The configuration.")
                    .addSubcommand(new ConfigCheck(session))
                    .addSubcommand(new ConfigExample(session)))
            .addSubcommand(
                group("run", "Backups, restores and verifications, in progress or ended.")
                    .addSubcommand(new RunList(session))
                    .addSubcommand(new RunCommand.Show(session))
                    .addSubcommand(new RunCommand.Cancel(session)))
            .addSubcommand(
                group("token", "Who may ask the API.").addSubcommand(new TokenCreate(session)))
            .addSubcommand(new Completion(session));
    return root.setOut(new PrintWriter(environment.out(), true, StandardCharsets.UTF_8))
        .setErr(new PrintWriter(environment.err(), true, StandardCharsets.UTF_8))
        .setUsageHelpAutoWidth(environment.columns() > 0)
        .setParameterExceptionHandler((failure, arguments) -> refused(session, failure))
        .setExecutionExceptionHandler((failure, line, parsed) -> failed(session, failure));
  }

  private static CommandLine group(String name, String description) {
    var spec = CommandLine.Model.CommandSpec.create().name(name);
    spec.usageMessage().description(description);
    return new CommandLine(spec);
  }

  private int refused(Session session, ParameterException failure) {
    CommandLine command = failure.getCommandLine();
    String message = failure.getMessage();
    String hint = "see '" + command.getCommandSpec().qualifiedName() + " --help'";
    if (failure instanceof UnmatchedArgumentException unmatched) {
      message = "expected one of the known options and commands, found " + found(unmatched);
      String nearest = nearest(command, unmatched);
      hint = nearest.isEmpty() ? hint : nearest;
    } else if (!command.getSubcommands().isEmpty()) {
      message = "expected a command: " + String.join(", ", command.getSubcommands().keySet());
    } else if (failure instanceof MissingParameterException missing
        && !missing.getMissing().isEmpty()) {
      message = missing(missing);
    }
    report(session, session.mask(message + ". Hint: " + hint), failure, ExitCode.BAD_INPUT);
    return ExitCode.BAD_INPUT;
  }

  private static String missing(MissingParameterException failure) {
    return "expected "
        + failure.getMissing().stream()
            .map(argument -> argument.paramLabel())
            .collect(Collectors.joining(" and "))
        + ", found nothing";
  }

  private static String found(UnmatchedArgumentException failure) {
    return failure.getUnmatched().stream()
        // What follows an unknown option's '=' may be anything, even a secret.
        .map(argument -> "'" + argument.split("=", 2)[0] + "'")
        .collect(Collectors.joining(", "));
  }

  private static String nearest(CommandLine command, UnmatchedArgumentException failure) {
    String first = failure.getUnmatched().get(0).split("=", 2)[0];
    List<String> known =
        first.startsWith("-")
            ? List.copyOf(command.getCommandSpec().optionsMap().keySet())
            : List.copyOf(command.getSubcommands().keySet());
    return Nearest.hint(first, known);
  }

  private int failed(Session session, Exception failure) {
    int exitCode = ExitCode.of(failure);
    String message = message(failure);
    session
        .logged(failure)
        .filter(file -> exitCode != ExitCode.BAD_INPUT)
        .ifPresent(file -> session.output.note("details are in " + file));
    report(session, session.mask(message), failure, exitCode);
    return exitCode;
  }

  private static String message(Exception failure) {
    String message = String.valueOf(failure.getMessage());
    if (failure instanceof PermanentFailure) {
      return message;
    }
    return failure instanceof TransientFailure
        ? message + ". Hint: it may pass by itself; try again"
        : "unexpected " + failure.getClass().getSimpleName() + ": " + message;
  }

  private void report(Session session, String message, Exception failure, int exitCode) {
    if (session.globals.json) {
      session.output.json(
          json -> json.object(() -> JsonViews.failure(json, message, exitCode, failure)));
    }
    environment.err().println("tidemark: " + message);
    if (session.globals.debug) {
      failure.printStackTrace(environment.err());
    }
  }

  private static String name(ParseResult parsed) {
    return parsed == null
        ? ""
        : parsed.asCommandLineList().stream()
            .map(CommandLine::getCommandName)
            .collect(Collectors.joining(" "));
  }
}
