package dev.tidemark.aws;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/** The figures of the module's README, by system properties {@code bench.*}. */
public final class AwsBenchmarks {
  private static final Path ZIP = Path.of("target", "tidemark-aws-lambda.zip");

  private AwsBenchmarks() {}

  /** Takes no arguments. Starts MinIO and emulators on this machine, and stops them. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    List<String> parts =
        List.of(System.getProperty("bench.aws", "starts,units,transfer").split(",", -1));
    int rounds = Integer.parseInt(System.getProperty("bench.starts", "9"));
    double gib = Double.parseDouble(System.getProperty("bench.transfer", "4"));
    Path folder = Path.of(System.getProperty("bench.folder", "target/bench")).toAbsolutePath();
    empty(folder);
    Files.createDirectories(folder);
    var sheet = new Sheet();
    sheet.line("# Figures of Tidemark on AWS");
    sheet.line("");
    sheet.line("- date: %s", Instant.now().truncatedTo(ChronoUnit.MINUTES));
    sheet.line("- cores: %d; load before: %s", Runtime.getRuntime().availableProcessors(), load());
    sheet.line("- JDK: %s", System.getProperty("java.vm.version"));
    sheet.line("- zip: %.1f MB (aim 15)", Files.size(ZIP) / 1e6);
    sheet.line("");
    try {
      if (parts.contains("starts")) {
        new ColdStarts(folder, rounds, sheet).run();
      }
      if (parts.contains("units") || parts.contains("transfer")) {
        new Transfers(folder, gib, sheet).run(parts);
      }
      sheet.line("Load after: %s", load());
      sheet.save(Path.of("target", "figures.md"));
    } finally {
      empty(folder);
    }
    System.exit(0);
  }

  static String load() throws IOException {
    return Files.readString(Path.of("/proc/loadavg")).split(" ", -1)[0];
  }

  static void empty(Path folder) throws IOException, InterruptedException {
    new ProcessBuilder("rm", "-rf", folder.toString()).inheritIO().start().waitFor();
  }
}
