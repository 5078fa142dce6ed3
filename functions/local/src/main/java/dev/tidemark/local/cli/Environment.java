package dev.tidemark.local.cli;

import java.io.PrintStream;
import java.nio.file.Path;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.Map;

/**
 * What surrounds the process.
 *
 * @param folder the working folder, absolute
 * @param columns the width of the terminal that {@code err} is; 0 where it is none
 * @param interruption tells of Ctrl-C
 */
public record Environment(
    PrintStream out,
    PrintStream err,
    Map<String, String> variables,
    Path folder,
    InstantSource clock,
    ZoneId zone,
    int columns,
    Interruption interruption) {

  /** Ctrl-C and its like, which end the process. */
  public interface Interruption {

    /**
     * From now on, the process says goodbye before it ends.
     *
     * @return ends that
     */
    Runnable during(Runnable goodbye, int exitCode);
  }
}
