package dev.tidemark.journey.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Random;

/** What the figures were measured on. */
final class Machine {
  private static final int SYNCS = 100;
  private static final int WRITES = 256;

  private Machine() {}

  static void describe(Report report, Path folder) throws IOException {
    report.line("- date: %s", Instant.now().truncatedTo(ChronoUnit.MINUTES));
    report.line(
        "- machine: %d cores (%s), %s memory, %s %s",
        Runtime.getRuntime().availableProcessors(),
        valueOf("/proc/cpuinfo", "model name"),
        valueOf("/proc/meminfo", "MemTotal"),
        System.getProperty("os.name"),
        System.getProperty("os.version"));
    report.line("- load before: %s", load());
    report.line(
        "- JDK: %s %s", System.getProperty("java.vendor"), System.getProperty("java.vm.version"));
    report.line(
        "- disk: %s, fsync of 4 KiB %s ms, %d MiB written and synced at %.0f MiB/s",
        Files.getFileStore(folder).type(),
        syncMillis(folder).text("%.2f"),
        WRITES,
        writeMibPerSecond(folder));
    report.line("");
  }

  /** Of the last 1, 5 and 15 minutes: on a quiet machine far below the number of cores. */
  static String load() throws IOException {
    return String.join(
        " ",
        java.util.List.of(Files.readString(Path.of("/proc/loadavg")).split(" ", -1)).subList(0, 3));
  }

  private static String valueOf(String file, String key) throws IOException {
    for (String line : Files.readAllLines(Path.of(file))) {
      if (line.startsWith(key)) {
        return line.substring(line.indexOf(':') + 1).strip();
      }
    }
    return "unknown";
  }

  private static Figures syncMillis(Path folder) throws IOException {
    var figures = new Figures();
    Path file = folder.resolve("probe");
    for (int i = 0; i < SYNCS; i++) {
      try (FileChannel channel = create(file)) {
        channel.write(ByteBuffer.allocate(4 << 10));
        long start = System.nanoTime();
        channel.force(true);
        figures.add(Measured.seconds(start) * 1_000);
      }
      Files.delete(file);
    }
    return figures;
  }

  private static double writeMibPerSecond(Path folder) throws IOException {
    byte[] random = new byte[1 << 20];
    new Random(1).nextBytes(random);
    Path file = folder.resolve("probe");
    long start = System.nanoTime();
    try (FileChannel channel = create(file)) {
      for (int i = 0; i < WRITES; i++) {
        channel.write(ByteBuffer.wrap(random));
      }
      channel.force(true);
    }
    double speed = WRITES / Measured.seconds(start);
    Files.delete(file);
    return speed;
  }

  private static FileChannel create(Path file) throws IOException {
    return FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
  }
}
