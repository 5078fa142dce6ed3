package dev.tidemark.aws;

import dev.tidemark.aws.WireTap.Tally;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;

/** What a transfer needs in memory, requests and units of the table. */
final class Transfers {
  private static final int UNITS = 21;
  private static final int SMALL_BYTES = 1 << 20;

  private final Path folder;
  private final double gib;
  private final Sheet sheet;

  Transfers(Path folder, double gib, Sheet sheet) {
    this.folder = folder.resolve("transfers");
    this.gib = gib;
    this.sheet = sheet;
  }

  /**
   * @param parts of {@code units} and {@code transfer}, what is measured
   */
  void run(List<String> parts) throws IOException, InterruptedException {
    Path large = Files.createDirectories(folder.resolve("large"));
    if (parts.contains("transfer")) {
      write(large.resolve("file"), (long) (gib * (1L << 30)));
    }
    units("one", 1);
    units("other", 1);
    units("many", UNITS);
    try (var deployment = new BenchDeployment(folder.resolve("deployment"), configuration())) {
      LambdaFunction transfer = deployment.start();
      if (parts.contains("transfer")) {
        large(deployment, transfer);
      }
      if (parts.contains("units")) {
        small(deployment);
      }
    }
  }

  /** A directory is a unit; all are of one lane. */
  private void units(String name, int count) throws IOException {
    for (int i = 0; i < count; i++) {
      Path unit = Files.createDirectories(folder.resolve(name).resolve("u" + i));
      write(unit.resolve("file"), SMALL_BYTES);
    }
  }

  private void large(BenchDeployment deployment, LambdaFunction transfer)
      throws IOException, InterruptedException {
    sheet.line("## A file of %.1f GiB of random bytes, in one unit", gib);
    sheet.line("");
    deployment.tap().tally();
    long begin = System.nanoTime();
    deployment.backUp("large");
    double seconds = (System.nanoTime() - begin) / 1e9;
    Tally first = deployment.tap().tally();
    long peakKib = 0;
    for (long pid : transfer.processes()) {
      peakKib = Math.max(peakKib, peakKib(pid));
    }
    long puts = first.count("PUT vault", "POST vault");
    sheet.line("| what | figure | aim |");
    sheet.line("|---|--:|--:|");
    sheet.line("| peak resident memory of the transfer, MiB | %.0f | 256 |", peakKib / 1024.0);
    sheet.line("| PUTs to the vault a GB | %.1f | 40 |", puts / (gib * 1.073741824));
    sheet.line("| seconds from event to seal | %.0f | |", seconds);
    deployment.backUp("large");
    Tally again = deployment.tap().tally();
    long blobs =
        again.calls().stream()
            .filter(call -> call.matches("(PUT|GET|HEAD) vault/(data|parts)"))
            .count();
    sheet.line("| requests for its blobs in an unchanged backup | %d | 0 |", blobs);
    sheet.line("");
    all("first backup", first);
    all("unchanged backup", again);
  }

  /** What one unit adds, by the difference of two backups. */
  private void small(BenchDeployment deployment) throws InterruptedException {
    sheet.line("## A unit that fits one slice, by the difference of 1 and %d units", UNITS);
    sheet.line("");
    sheet.line("| a unit's | first backup | unchanged backup | aim |");
    sheet.line("|---|--:|--:|--:|");
    deployment.backUp("one"); // whose functions are started by it
    deployment.tap().tally();
    deployment.backUp("one");
    Tally oneAgain = deployment.tap().tally();
    deployment.backUp("other");
    Tally one = deployment.tap().tally();
    deployment.backUp("many");
    Tally many = deployment.tap().tally();
    deployment.backUp("many");
    Tally manyAgain = deployment.tap().tally();
    String[] commits = {"PutItem", "TransactWriteItems"};
    each("table commits", one, many, oneAgain, manyAgain, "4", commits);
    each("messages", one, many, oneAgain, manyAgain, "2", "SendMessage");
    each("reads of the table", one, many, oneAgain, manyAgain, "", "Query", "GetItem");
    each("PUTs to the vault", one, many, oneAgain, manyAgain, "", "PUT vault", "POST vault");
    each("GETs of the vault", one, many, oneAgain, manyAgain, "", "GET vault", "HEAD vault");
    sheet.line(
        "| write units of the table | %.1f | %.1f | |",
        (many.units().write() - one.units().write()) / (UNITS - 1),
        (manyAgain.units().write() - oneAgain.units().write()) / (UNITS - 1));
    sheet.line(
        "| read units of the table | %.1f | %.1f | |",
        (many.units().read() - one.units().read()) / (UNITS - 1),
        (manyAgain.units().read() - oneAgain.units().read()) / (UNITS - 1));
    sheet.line("");
    all("one unit, first backup", one);
    all("one unit, unchanged backup", oneAgain);
    all(UNITS + " units, first backup", many);
    all(UNITS + " units, unchanged backup", manyAgain);
    sheet.line("");
  }

  private void each(
      String name,
      Tally one,
      Tally many,
      Tally oneAgain,
      Tally manyAgain,
      String aim,
      String... calls) {
    sheet.line(
        "| %s | %.1f | %.1f | %s |",
        name,
        (many.count(calls) - one.count(calls)) / (UNITS - 1.0),
        (manyAgain.count(calls) - oneAgain.count(calls)) / (UNITS - 1.0),
        aim);
  }

  private void all(String name, Tally tally) {
    sheet.line(
        "- %s: %s; %.1f read and %.1f write units",
        name, tally.counts(), tally.units().read(), tally.units().write());
  }

  private String configuration() {
    return """
        settings: { slice: 13m }
        vaults: { main: { store: s3, bucket: vault, endpoint: "%%s" } }
        clusters:
          large: { engine: directory, vault: main, roots: [ { name: data, path: "%1$s/large" } ] }
          one: { engine: directory, vault: main, roots: [ { name: data, path: "%1$s/one", split: children } ] }
          other: { engine: directory, vault: main, roots: [ { name: data, path: "%1$s/other", split: children } ] }
          many: { engine: directory, vault: main, roots: [ { name: data, path: "%1$s/many", split: children } ] }
        policies:
          large: { clusters: [large] }
          one: { clusters: [one] }
          other: { clusters: [other] }
          many: { clusters: [many] }
        """
        .formatted(folder);
  }

  private static void write(Path file, long size) throws IOException {
    var random = new Random(size + file.hashCode());
    byte[] block = new byte[1 << 20];
    try (OutputStream out = Files.newOutputStream(file)) {
      for (long rest = size; rest > 0; rest -= block.length) {
        random.nextBytes(block);
        out.write(block, 0, (int) Math.min(rest, block.length));
      }
    }
  }

  private static long peakKib(long pid) throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/" + pid + "/status"))) {
      if (line.startsWith("VmHWM:")) {
        return Long.parseLong(line.replaceAll("\\D", ""));
      }
    }
    return 0;
  }
}
