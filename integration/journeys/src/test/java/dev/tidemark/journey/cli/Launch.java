package dev.tidemark.journey.cli;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How a process is started: as the start script does it.
 *
 * @param jvm more options of the JVM
 * @param fileLimitKibibytes the largest file that the process can write; null for any
 */
record Launch(List<String> jvm, @Nullable Integer fileLimitKibibytes) {

  private static final String CLASS_PATH =
      Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator, -1))
          .filter(entry -> !entry.contains("test-classes"))
          // How nodes log, and nodes themselves, which tests start with the same class path.
          .filter(entry -> !entry.contains("slf4j-simple"))
          .filter(entry -> !entry.contains("tidemark-embedded-node"))
          .collect(Collectors.joining(File.pathSeparator));

  /** Commands of a few files, where starting is what takes the time. */
  static final Launch QUICK = new Launch(List.of("-XX:TieredStopAtLevel=1"), null);

  /** Moves much data: with a second compiler that waits, as the script has it. */
  static final Launch THROUGHPUT =
      new Launch(
          List.of(
              "-XX:Tier4InvocationThreshold=50000",
              "-XX:Tier4MinInvocationThreshold=6000",
              "-XX:Tier4CompileThreshold=150000",
              "-XX:Tier4BackEdgeThreshold=400000"),
          null);

  /** The memory that must suffice, whatever is backed up. */
  static final Launch SMALL = THROUGHPUT.with("-Xmx192m", "-XX:MaxDirectMemorySize=64m");

  private Launch with(String... more) {
    return new Launch(Stream.concat(jvm.stream(), Stream.of(more)).toList(), fileLimitKibibytes);
  }

  /** As where the disk is full for every file that grows beyond a size. */
  static Launch withFilesUpTo(int kibibytes) {
    return new Launch(QUICK.jvm(), kibibytes);
  }

  List<String> command(String... arguments) {
    List<String> command = new ArrayList<>();
    if (fileLimitKibibytes != null) {
      command.addAll(
          List.of("bash", "-c", "ulimit -f " + fileLimitKibibytes + "; exec \"$@\"", "limited"));
    }
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:+DisplayVMOutputToStderr", "-XX:-UsePerfData", "-XX:+UseSerialGC"));
    if (Runtime.version().feature() >= 22) {
      command.add("--enable-native-access=ALL-UNNAMED");
    }
    if (!jvm.equals(Archive.DUMP.jvm())) {
      command.addAll(Archive.OPTIONS);
    }
    command.addAll(jvm);
    command.addAll(List.of("-cp", CLASS_PATH, "dev.tidemark.local.cli.Main"));
    command.addAll(List.of(arguments));
    return command;
  }

  /**
   * Classes that are parsed already, as the start script keeps them; it takes half of the time of a
   * small command away. The JVM makes it of jars only, so not before they are packaged.
   */
  private static final class Archive {
    private static final Path FILE = Path.of("target", "classes.jsa").toAbsolutePath();
    private static final Launch DUMP =
        new Launch(List.of("-XX:ArchiveClassesAtExit=" + FILE), null);
    private static final List<String> OPTIONS = make();

    private static List<String> make() {
      if (!Arrays.stream(CLASS_PATH.split(File.pathSeparator, -1))
          .allMatch(entry -> entry.endsWith(".jar"))) {
        return List.of();
      }
      try {
        Files.deleteIfExists(FILE);
        Path trial = Files.createTempDirectory(FILE.getParent(), "trial");
        Workbench bench = Workbench.bare(trial);
        for (String command : List.of("vault create main", "backup create files")) {
          try (Running running = bench.start(DUMP, command.split(" "))) {
            running.answer().done();
          }
        }
        return List.of("-XX:SharedArchiveFile=" + FILE, "-Xlog:disable", "-Xlog:all=error:stderr");
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
