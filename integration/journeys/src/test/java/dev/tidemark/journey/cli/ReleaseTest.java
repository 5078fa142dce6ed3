package dev.tidemark.journey.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The release archive, unpacked, and its demo, as a newcomer has them. */
class ReleaseTest {
  private static final Path BUILT = Path.of("../../functions/local/target");

  private static Path release = Path.of("/");

  private final Path folder;

  ReleaseTest(@TempDir Path folder) {
    this.folder = folder;
  }

  /** As {@code tar} does it, which every Linux has. */
  @BeforeAll
  static void unpack(@TempDir Path place) throws IOException {
    Path archive;
    try (Stream<Path> files = Files.list(BUILT)) {
      archive =
          files
              .filter(file -> file.getFileName().toString().endsWith(".tar.gz"))
              .findFirst()
              .orElseThrow(() -> new AssertionError("no release archive: package it first"));
    }
    Process tar =
        new ProcessBuilder(
                "tar", "xzf", archive.toAbsolutePath().toString(), "-C", place.toString())
            .inheritIO()
            .start();
    assertThat(tar.onExit().join().exitValue()).isZero();
    try (Stream<Path> files = Files.list(place)) {
      release =
          files
              .filter(file -> file.getFileName().toString().startsWith("tidemark-"))
              .findFirst()
              .orElseThrow();
    }
  }

  @Test
  void theDemoOfAReleaseProvesItselfAndLeavesNothing() throws IOException {
    assertThat(release.resolve("completion/tidemark.bash"))
        .content()
        .contains("_complete_tidemark");
    assertThat(release.resolve("tidemark.service")).content().contains("serve");
    Path temporary = Files.createDirectories(folder.resolve("tmp"));
    try (Running version = start(temporary, "--version")) {
      assertThat(version.answer().done().out()).startsWith("tidemark ");
    }
    try (Running demo = start(temporary, "demo")) {
      String told = demo.answer().done().out();
      assertThat(told)
          .contains("none of them refused", "Proven: the restored cluster is the one")
          .doesNotContain("NOT PROVEN");
    }
    assertThat(temporary).isEmptyDirectory();
    assertThat(nodes()).isEmpty();
  }

  @Test
  void anInterruptedDemoLeavesNoProcessAndNoFolder() throws IOException {
    Path temporary = Files.createDirectories(folder.resolve("tmp"));
    try (Running demo = start(temporary, "demo")) {
      assertThat(demo.until(() -> demo.printed().contains("Two storage nodes"))).isTrue();
      assertThat(nodes()).hasSize(2);
      demo.terminate().ends(3);
    }
    assertThat(nodes()).isEmpty();
    assertThat(temporary).isEmptyDirectory();
  }

  private Running start(Path temporary, String... arguments) throws IOException {
    Path out = Files.createTempFile(folder, "out", "");
    Path err = Files.createTempFile(folder, "err", "");
    List<String> command =
        Stream.concat(Stream.of(release.resolve("tidemark").toString()), Stream.of(arguments))
            .toList();
    var builder = new ProcessBuilder(command).directory(folder.toFile());
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    builder
        .environment()
        .put("TIDEMARK_JAVA_OPTS", "-XX:TieredStopAtLevel=1 -Djava.io.tmpdir=" + temporary);
    builder.environment().remove("JAVA_TOOL_OPTIONS");
    builder.redirectInput(Path.of("/dev/null").toFile());
    return new Running(
        List.of(arguments),
        builder.redirectOutput(out.toFile()).redirectError(err.toFile()).start(),
        out,
        err);
  }

  private static List<Long> nodes() {
    return ProcessHandle.allProcesses()
        .filter(
            process ->
                process
                    .info()
                    .commandLine()
                    .filter(line -> line.contains("dev.tidemark.node.Main"))
                    .filter(line -> line.contains(release.toString()))
                    .isPresent())
        .map(ProcessHandle::pid)
        .toList();
  }
}
