package dev.tidemark.local;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A real process of its own, on the class path of the tests. */
public final class ChildJvm implements AutoCloseable {
  private final Process process;
  private final BufferedReader out;

  private ChildJvm(Process process) {
    this.process = process;
    this.out = process.inputReader(StandardCharsets.UTF_8);
  }

  /** Starts a main class; what it writes to its error output is shown. */
  public static ChildJvm start(Class<?> main, Object... arguments) throws IOException {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of("-XX:TieredStopAtLevel=1", "-cp", System.getProperty("java.class.path")));
    command.add(main.getName());
    for (Object argument : arguments) {
      command.add(argument.toString());
    }
    return new ChildJvm(
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start());
  }

  /** The next line that the process prints. */
  public String line() {
    try {
      String line = out.readLine();
      if (line == null) {
        throw new IllegalStateException("the process ended");
      }
      return line;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Writes a line to the process. */
  public void print(String line) throws IOException {
    var in = process.outputWriter(StandardCharsets.UTF_8);
    in.write(line + "\n");
    in.flush();
  }

  /** All that it printed until it ended by itself. */
  public List<String> rest() {
    return out.lines().toList();
  }

  /** Kills it at once, without a word to it, and gives what it had printed. */
  public List<String> kill() throws InterruptedException {
    // Unlike the process, its handle leaves the output open to be read.
    process.toHandle().destroyForcibly();
    List<String> printed = rest();
    process.waitFor();
    return printed;
  }

  /** Kills it, and waits for its end: it may still write into a folder that is to be deleted. */
  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
  }
}
