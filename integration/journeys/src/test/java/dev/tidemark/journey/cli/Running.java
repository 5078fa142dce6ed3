package dev.tidemark.journey.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** A command that may still run. Closing kills it. */
final class Running implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  private final List<String> arguments;
  private final Process process;
  private final Path out;
  private final Path err;
  private long peakKibibytes;

  Running(List<String> arguments, Process process, Path out, Path err) {
    this.arguments = arguments;
    this.process = process;
    this.out = out;
    this.err = err;
  }

  boolean alive() {
    return process.isAlive();
  }

  /** SIGKILL: nothing in the process learns of it. */
  Answer kill() {
    process.destroyForcibly();
    return answer();
  }

  /** SIGTERM, which is taken as Ctrl-C is. */
  Answer terminate() {
    process.destroy();
    return answer();
  }

  /** Waits until it ends by itself, or for so long. */
  boolean endsWithin(Duration time) {
    try {
      return process.waitFor(time.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Looks every few milliseconds until something is so or the process has ended. */
  boolean until(BooleanSupplier condition) {
    while (alive()) {
      if (condition.getAsBoolean()) {
        return true;
      }
      endsWithin(Duration.ofMillis(5));
    }
    return condition.getAsBoolean();
  }

  /** Waits for the end. */
  Answer answer() {
    return answer(PATIENCE);
  }

  Answer answer(Duration patience) {
    long end = System.nanoTime() + patience.toNanos();
    while (!endsWithin(Duration.ofMillis(50))) {
      peakKibibytes = Math.max(peakKibibytes, highWaterMark());
      if (System.nanoTime() > end) {
        process.destroyForcibly();
        endsWithin(Duration.ofSeconds(10));
        throw new AssertionError(
            "did not end within %s: %s"
                .formatted(patience, new Answer(arguments, -1, text(out), text(err))));
      }
    }
    return new Answer(arguments, process.exitValue(), text(out), text(err));
  }

  /** The most memory that was resident, as far as {@link #answer} saw. */
  long peakMebibytes() {
    return peakKibibytes >> 10;
  }

  String printed() {
    return text(out) + text(err);
  }

  private long highWaterMark() {
    try {
      return Files.readAllLines(Path.of("/proc", String.valueOf(process.pid()), "status")).stream()
          .filter(line -> line.startsWith("VmHWM:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
          .findFirst()
          .orElse(0);
    } catch (IOException e) {
      return 0; // it has ended in this moment
    }
  }

  private static String text(Path file) {
    try {
      return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
    endsWithin(Duration.ofSeconds(10));
  }
}
