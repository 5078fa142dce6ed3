package dev.tidemark.journey.bench;

import dev.tidemark.contract.cloud.MinioServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Whole processes whose copies go to MinIO on this machine: first and unchanged backup of one tree,
 * the tools in turn. Each round has a new server, which takes its share of the same cores.
 */
final class Buckets {
  private static final int SETTLE_MILLIS = 3_000;

  private final Scale scale;
  private final Report report;
  private final List<Tool> tools;
  private final Map<String, Map<Tools.Step, List<Measured>>> results = new HashMap<>();
  private int turn;

  Buckets(Scale scale, Report report) {
    this.scale = scale;
    this.report = report;
    this.tools = List.of(new Tool.Tidemark(scale.home()), new Tool.Restic(), new Tool.Rclone());
  }

  void run() throws IOException, InterruptedException {
    report.line("## Whole processes, to MinIO");
    report.line("");
    var tree = new SampleTree(scale.folder().resolve("tree"), scale.seed());
    tree.generate(scale.gib());
    report.line(
        "- tree: %,d files, %,d MiB; seed %d; %d rounds",
        tree.files().size(), tree.bytes() >> 20, scale.seed(), scale.rounds());
    for (int round = 1; round <= scale.rounds(); round++) {
      Thread.sleep(SETTLE_MILLIS);
      Path folder = scale.folder().resolve("bucket" + round);
      try (MinioServer minio = MinioServer.start(folder.resolve("minio"), InBucket.BUCKETS)) {
        round(folder, minio.address(), tree.root());
      }
      SampleTree.hollow(folder);
    }
    print();
  }

  private void round(Path folder, String address, Path tree)
      throws IOException, InterruptedException {
    List<InBucket> turned = new ArrayList<>();
    for (Tool tool : tools) {
      var inBucket = new InBucket(tool, address);
      turned.add(inBucket);
      Path own = Files.createDirectories(folder.resolve(tool.name()));
      for (List<String> command : inBucket.prepare(own, tree)) {
        Measured.run(own, inBucket.environment(own), command);
      }
    }
    for (Tools.Step step : List.of(Tools.Step.FIRST, Tools.Step.UNCHANGED)) {
      Collections.rotate(turned, turn++);
      for (InBucket tool : turned) {
        Path own = folder.resolve(tool.name());
        Measured measured =
            Measured.run(
                own,
                tool.environment(own),
                tool.backUp(tree, step.name().toLowerCase(java.util.Locale.ROOT)));
        report.progress(
            "%s, %s: %.2f s, CPU %.2f s", step.word, tool.name(), measured.wall(), measured.cpu());
        results
            .computeIfAbsent(tool.name(), name -> new HashMap<>())
            .computeIfAbsent(step, any -> new ArrayList<>())
            .add(measured);
      }
    }
  }

  private void print() {
    List<List<String>> rows = new ArrayList<>();
    for (Tools.Step step : List.of(Tools.Step.FIRST, Tools.Step.UNCHANGED)) {
      for (Tool tool : tools) {
        rows.add(row(step, tool.name()));
      }
    }
    report.table(
        List.of("step", "tool", "wall s", "CPU s", "peak RSS MiB", "Tidemark's wall, as a ratio"),
        rows);
  }

  /** Ratios are of one round each, so that noise that lasts meets both. */
  private List<String> row(Tools.Step step, String tool) {
    var wall = new Figures();
    var cpu = new Figures();
    var peak = new Figures();
    var ratio = new Figures();
    List<Measured> ours = results.get("tidemark").get(step);
    List<Measured> all = results.get(tool).get(step);
    for (int round = 0; round < all.size(); round++) {
      wall.add(all.get(round).wall());
      cpu.add(all.get(round).cpu());
      peak.add(all.get(round).peakMib());
      ratio.add(ours.get(round).wall() / all.get(round).wall());
    }
    return List.of(
        step.word,
        tool,
        wall.text("%.2f"),
        cpu.medianText("%.2f"),
        peak.medianText("%.0f"),
        ratio.text("%.2f"));
  }
}
