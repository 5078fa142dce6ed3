package dev.tidemark.journey.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Whole processes, on one tree and disk, the tools in turn: first, unchanged and changed backup,
 * and restore. Who begins changes from step to step, so that noise meets all.
 */
final class Tools {
  /** Tidemark believes no time stamp that is younger than 2 s. */
  private static final int SETTLE_MILLIS = 3_000;

  private final Scale scale;
  private final Report report;
  private final SampleTree tree;
  private final List<Tool> tools = new ArrayList<>();
  private final Map<Tool, Map<Step, Kept>> results = new HashMap<>();
  private final Map<Tool, Figures> stored = new HashMap<>();
  private int turn;

  enum Step {
    FIRST("first backup"),
    UNCHANGED("unchanged backup"),
    CHANGED("changed backup"),
    RESTORE("restore");

    final String word;

    Step(String word) {
      this.word = word;
    }
  }

  private record Kept(Figures wall, Figures synced, Figures cpu, Figures peak) {
    static Kept none() {
      return new Kept(new Figures(), new Figures(), new Figures(), new Figures());
    }

    void add(Measured measured) {
      wall.add(measured.wall());
      synced.add(measured.synced());
      cpu.add(measured.cpu());
      peak.add(measured.peakMib());
    }
  }

  Tools(Scale scale, Report report) {
    this.scale = scale;
    this.report = report;
    this.tree = new SampleTree(scale.folder().resolve("tree"), scale.seed());
  }

  void run() throws IOException, InterruptedException {
    report.line("## Whole processes");
    report.line("");
    for (Tool tool :
        List.of(new Tool.Tidemark(scale.home()), new Tool.Restic(), new Tool.Rclone())) {
      add(tool);
    }
    makeTree();
    for (int round = 1; round <= scale.rounds(); round++) {
      round(round);
    }
    printResults();
    printAims();
  }

  private void add(Tool tool) throws IOException, InterruptedException {
    Path folder = Files.createDirectories(folder(0, tool));
    try {
      Measured.run(folder, tool.environment(folder), tool.version());
      String version = Files.readAllLines(folder.resolve("printed")).get(0);
      report.line("- %s", version);
      tools.add(tool);
      results.put(tool, new EnumMap<>(Step.class));
      stored.put(tool, new Figures());
    } catch (IOException e) {
      report.line(
          "- **%s is not here and was left out** (%s). Hint: apt install restic rclone",
          tool.name(), e.getMessage());
    }
  }

  private void makeTree() throws IOException {
    report.progress("making the tree");
    tree.generate(scale.gib());
    int number = 0;
    for (Path each : scale.trees()) {
      if (Files.isDirectory(each)) {
        tree.copy(each, "real" + number++, (long) (scale.gib() * (1L << 30)));
      }
    }
    report.line(
        "- tree: %,d files, %,d MiB; seed %d, %s GiB generated and copies of %d real trees",
        tree.files().size(), tree.bytes() >> 20, scale.seed(), scale.gib(), number);
    report.line(
        "- %d rounds; page cache warm for all: the tree was just read or written; `sync` before"
            + " each step",
        scale.rounds());
    report.line("");
  }

  private void round(int round) throws IOException, InterruptedException {
    for (Tool tool : tools) {
      Path folder = Files.createDirectories(folder(round, tool));
      for (List<String> command : tool.prepare(folder, tree.root())) {
        Measured.run(folder, tool.environment(folder), command);
      }
    }
    Thread.sleep(SETTLE_MILLIS);
    tree.mustBeIn(tree.root()); // reads it
    backUp(round, Step.FIRST);
    backUp(round, Step.UNCHANGED);
    tree.change();
    Thread.sleep(SETTLE_MILLIS);
    backUp(round, Step.CHANGED);
    restore(round);
    for (Tool tool : tools) {
      Path store = folder(round, tool).resolve(tool.store());
      stored(tool).add(SampleTree.bytes(store) / (double) (1 << 20));
      SampleTree.hollow(store);
    }
  }

  private void backUp(int round, Step step) throws IOException, InterruptedException {
    for (Tool tool : inTurn()) {
      measure(round, step, tool, tool.backUp(tree.root(), id(round, step)));
    }
  }

  private void restore(int round) throws IOException, InterruptedException {
    for (Tool tool : inTurn()) {
      Path target = scale.folder().resolve("restored" + round).resolve(tool.name());
      Files.createDirectories(target.getParent());
      measure(round, Step.RESTORE, tool, tool.restore(id(round, Step.CHANGED), target));
      tree.mustBeIn(tool.restored(target, tree.root()));
      SampleTree.hollow(target);
    }
  }

  private void measure(int round, Step step, Tool tool, List<String> command)
      throws IOException, InterruptedException {
    Path folder = folder(round, tool);
    Measured measured = Measured.run(folder, tool.environment(folder), command);
    report.progress(
        "round %d, %s, %s: %.2f s, with sync %.2f s, CPU %.2f s",
        round, step.word, tool.name(), measured.wall(), measured.synced(), measured.cpu());
    results.get(tool).computeIfAbsent(step, any -> Kept.none()).add(measured);
  }

  private List<Tool> inTurn() {
    var turned = new ArrayList<>(tools);
    Collections.rotate(turned, turn++);
    return turned;
  }

  private static String id(int round, Step step) {
    return "round" + round + "-" + step.name().toLowerCase(Locale.ROOT);
  }

  private Figures stored(Tool tool) {
    return stored.get(tool);
  }

  private Path folder(int round, Tool tool) {
    return scale.folder().resolve("round" + round).resolve(tool.name());
  }

  private void printResults() {
    List<List<String>> rows = new ArrayList<>();
    for (Step step : Step.values()) {
      for (Tool tool : tools) {
        Kept kept = results.get(tool).get(step);
        rows.add(
            List.of(
                step.word,
                tool.name(),
                kept.wall().text("%.2f"),
                kept.synced().text("%.2f"),
                kept.cpu().medianText("%.2f"),
                kept.peak().medianText("%.0f"),
                step == Step.RESTORE
                    ? ""
                    : step == Step.CHANGED ? stored(tool).medianText("%,.0f") : ""));
      }
    }
    report.table(
        List.of(
            "step",
            "tool",
            "wall s",
            "until on disk s",
            "CPU s",
            "peak RSS MiB",
            "stored in the end MiB"),
        rows);
  }

  private void printAims() {
    List<List<String>> rows = new ArrayList<>();
    Tool ours = tools.get(0);
    for (Step step : Step.values()) {
      var row = new ArrayList<>(List.of(step.word));
      for (String other : List.of("restic", "rclone copy")) {
        row.add(ratio(ours, step, other));
        row.add(Aims.wall(step, other).map("≤ %.1f"::formatted).orElse(""));
      }
      rows.add(List.copyOf(row));
    }
    report.line("Wall time of Tidemark, as a ratio of medians (until on disk in brackets):");
    report.table(List.of("step", "to restic", "aim", "to rclone copy", "aim"), rows);
  }

  private String ratio(Tool ours, Step step, String other) {
    for (Tool tool : tools) {
      if (tool.name().equals(other)) {
        Kept mine = results.get(ours).get(step);
        Kept theirs = results.get(tool).get(step);
        return "%.2f (%.2f)"
            .formatted(
                mine.wall().median() / theirs.wall().median(),
                mine.synced().median() / theirs.synced().median());
      }
    }
    return "not installed";
  }
}
