package dev.tidemark.journey.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** How long a person waits for a small answer: warm, some backups in the list. */
final class Commands {
  private static final int BACKUPS = 5;
  private static final int TIMES = 10;

  private final Tool.Tidemark tool;
  private final Path folder;
  private final Report report;

  Commands(Scale scale, Report report) {
    this.tool = new Tool.Tidemark(scale.home());
    this.folder = scale.folder().resolve("commands");
    this.report = report;
  }

  void run() throws IOException, InterruptedException {
    report.line("## Commands");
    Path tree = Files.createDirectories(folder.resolve("tree"));
    Files.writeString(tree.resolve("file"), "small");
    for (List<String> command : tool.prepare(folder, tree)) {
      measure(command);
    }
    for (int i = 0; i < BACKUPS; i++) {
      measure(tool.backUp(tree, "backup" + i));
    }
    List<List<String>> rows = new ArrayList<>();
    rows.add(row("backup list", "< %.1f s".formatted(Aims.LIST_SECONDS), "backup", "list"));
    rows.add(row("--version", "", "--version"));
    report.table(List.of("command", "wall s", "CPU s", "aim"), rows);
  }

  private List<String> row(String name, String aim, String... arguments)
      throws IOException, InterruptedException {
    var command = new ArrayList<>(List.of(tool.script()));
    command.addAll(List.of(arguments));
    measure(command);
    var wall = new Figures();
    var cpu = new Figures();
    for (int i = 0; i < TIMES; i++) {
      Measured measured = measure(command);
      wall.add(measured.wall());
      cpu.add(measured.cpu());
    }
    return List.of("`" + name + "`", wall.text("%.2f"), cpu.medianText("%.2f"), aim);
  }

  private Measured measure(List<String> command) throws IOException, InterruptedException {
    return Measured.run(folder, tool.environment(folder), command);
  }
}
