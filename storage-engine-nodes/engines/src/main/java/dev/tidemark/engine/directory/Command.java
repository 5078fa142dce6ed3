package dev.tidemark.engine.directory;

import dev.tidemark.core.config.Durations;
import dev.tidemark.engine.directory.DirectoryConfig.Hook;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Runs a hook. */
final class Command {
  private static final int TAIL = 500;

  private Command() {}

  /**
   * Runs a command to its end, or kills it, with all that it started, at its limit.
   *
   * @return what went wrong, with the last of what the command printed; empty where it ended with 0
   */
  static Optional<String> run(Hook hook, String run) throws InterruptedException {
    var builder = new ProcessBuilder(hook.run());
    builder.environment().put("TIDEMARK_RUN", run);
    builder.redirectErrorStream(true);
    builder.redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")));
    Process process;
    try {
      process = builder.start();
    } catch (IOException e) {
      return Optional.of("it could not be started: " + e.getMessage());
    }
    var tail = new Tail(process.getInputStream());
    tail.start();
    try {
      if (!process.waitFor(hook.limit().toMillis(), TimeUnit.MILLISECONDS)) {
        return Optional.of("it was killed after " + Durations.format(hook.limit()) + tail.text());
      }
      int code = process.exitValue();
      return code == 0
          ? Optional.empty()
          : Optional.of("it ended with exit code " + code + tail.text());
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }

  /** Keeps the last of what is printed, and lets nobody wait who prints more. */
  private static final class Tail extends Thread {
    private final InputStream output;
    private final byte[] last = new byte[TAIL];
    private long printed;

    Tail(InputStream output) {
      super("hook-output");
      this.output = output;
      setDaemon(true);
    }

    @Override
    public void run() {
      byte[] piece = new byte[4096];
      try {
        for (int n = output.read(piece); n >= 0; n = output.read(piece)) {
          keep(piece, n);
        }
      } catch (IOException e) {
        keep(new byte[0], 0); // the process was killed: what came is what there is
      }
    }

    private synchronized void keep(byte[] piece, int length) {
      for (int i = Math.max(0, length - TAIL); i < length; i++) {
        last[(int) ((printed + i) % TAIL)] = piece[i];
      }
      printed += length;
    }

    /** Something that the command started may hold the output open; it is not waited for. */
    String text() throws InterruptedException {
      join(1_000);
      synchronized (this) {
        int length = (int) Math.min(printed, TAIL);
        byte[] text = new byte[length];
        for (int i = 0; i < length; i++) {
          text[i] = last[(int) ((printed - length + i) % TAIL)];
        }
        String words =
            new String(text, StandardCharsets.UTF_8).replaceAll("[\\p{Cntrl}]+", " ").strip();
        return words.isEmpty() ? ", and printed nothing" : ", and printed: " + words;
      }
    }
  }
}
