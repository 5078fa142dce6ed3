package dev.tidemark.journey.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * What a process took, from start to end.
 *
 * @param wall seconds
 * @param synced seconds until what it wrote was on the disk, too: with a {@code sync} after its end
 * @param cpu seconds of all its threads and children, user and system
 * @param peakMib its largest resident set, looked at every few milliseconds
 */
record Measured(double wall, double synced, double cpu, double peakMib) {
  private static final int LOOK_MILLIS = 10;

  /** Of a second: the kernel's unit in /proc, whatever its own clock is. */
  private static final double TICKS = 100;

  /**
   * Runs a command. All that was written before is on the disk when it starts.
   *
   * @param folder to run in, also for what it prints
   * @throws IllegalStateException with what it printed, where it fails
   */
  static Measured run(Path folder, Map<String, String> environment, List<String> command)
      throws IOException, InterruptedException {
    sync();
    Path printed = folder.resolve("printed");
    var builder = new ProcessBuilder(command).directory(folder.toFile());
    builder.redirectErrorStream(true).redirectOutput(printed.toFile());
    builder.redirectInput(Path.of("/dev/null").toFile());
    builder.environment().putAll(environment);
    long ticks = childTicks();
    long start = System.nanoTime();
    Process process = builder.start();
    long peakKib = 0;
    while (!process.waitFor(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
      peakKib = Math.max(peakKib, peakKib(process.pid()));
    }
    double wall = seconds(start);
    double cpu = (childTicks() - ticks) / TICKS;
    if (process.exitValue() != 0) {
      throw new IllegalStateException(
          "%s ended with %d: %s"
              .formatted(
                  String.join(" ", command), process.exitValue(), Files.readString(printed)));
    }
    sync();
    return new Measured(wall, seconds(start), cpu, peakKib / 1024.0);
  }

  static double seconds(long startNanos) {
    return (System.nanoTime() - startNanos) / 1e9;
  }

  static void sync() throws IOException, InterruptedException {
    new ProcessBuilder("sync").start().waitFor();
  }

  /** The processor time of all processes that this one started and that have ended. */
  private static long childTicks() throws IOException {
    String stat = Files.readString(Path.of("/proc/self/stat"));
    String[] words = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    return Long.parseLong(words[13]) + Long.parseLong(words[14]);
  }

  private static long peakKib(long pid) {
    try {
      for (String line : Files.readAllLines(Path.of("/proc/" + pid + "/status"))) {
        if (line.startsWith("VmHWM:")) {
          return Long.parseLong(line.replaceAll("\\D", ""));
        }
      }
    } catch (IOException e) {
      return 0; // it has just ended
    }
    return 0;
  }
}
