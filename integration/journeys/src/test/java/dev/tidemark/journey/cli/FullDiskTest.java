package dev.tidemark.journey.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** A disk that is full for every file beyond some size. */
@Execution(ExecutionMode.CONCURRENT)
class FullDiskTest {
  private static final Launch FULL = Launch.withFilesUpTo(5 << 10);

  private final Path folder;

  FullDiskTest(@TempDir Path folder) {
    this.folder = folder;
  }

  @Test
  void aBackupGoesOnWhenThereIsRoomAgain() throws IOException {
    Workbench bench = withMuch("chunkSize: 8");
    try (Running running = bench.start(FULL, "backup", "create", "files", "--id", "b")) {
      assertThat(running.until(() -> bench.log().contains("step.failed"))).isTrue();
      running.kill();
    }
    nothingIsVisible(bench);
    bench.run("backup", "resume", "b").done();
    restoresWhole(bench);
  }

  @Test
  void aRestoreGoesOnWhenThereIsRoomAgain() throws IOException {
    Workbench bench = withMuch("chunkSize: 8");
    bench.run("backup", "create", "files", "--id", "b").done();
    try (Running running = bench.start(FULL, "restore", "create", "b", "--to", "r")) {
      assertThat(running.until(() -> bench.log().contains("step.failed"))).isTrue();
      running.kill();
    }
    assertThat(bench.restored("r/data")).doesNotExist();
    bench.run("restore", "resume", run(bench)).done();
    TreeImage.of(bench.restored("r/data")).mustEqual(TreeImage.of(bench.data()));
  }

  @Test
  @Tag("slow")
  void aBackupThatNeverFindsRoomFailsAndCanBeResumed() throws IOException {
    Workbench bench = withMuch("chunkSize: 8", "attempts: 5");
    try (Running running = bench.start(FULL, "backup", "create", "files", "--id", "b")) {
      running.answer().failed("FAILED", "vault", "File too large");
    }
    nothingIsVisible(bench);
    bench.run("verify", "--all").done();
    bench.run("backup", "resume", "b").done();
    restoresWhole(bench);
  }

  @Test
  @Tag("slow")
  void aRestoreThatNeverFindsRoomFailsAndLeavesNothing() throws IOException {
    Workbench bench = withMuch("chunkSize: 8", "attempts: 5");
    bench.run("backup", "create", "files", "--id", "b").done();
    try (Running running = bench.start(FULL, "restore", "create", "b", "--to", "r")) {
      running.answer().failed("FAILED", "file too large");
    }
    assertThat(bench.restored("r/data")).doesNotExist();
    bench.run("restore", "resume", run(bench)).done();
    TreeImage.of(bench.restored("r/data")).mustEqual(TreeImage.of(bench.data()));
  }

  private Workbench withMuch(String... settings) throws IOException {
    Workbench bench = Workbench.with(folder, settings);
    SampleTree.in(bench.data(), 5).plain(50, 2_000).file("large", 20 << 20).aged();
    return bench;
  }

  private static void nothingIsVisible(Workbench bench) {
    assertThat(bench.run("backup", "list", "--status", "SUCCESS").done().out())
        .contains("no backups");
    assertThat(
            Files.exists(bench.vault().resolve("backups"))
                && !Workbench.listing(bench.vault().resolve("backups")).isEmpty())
        .isFalse();
  }

  private static void restoresWhole(Workbench bench) {
    bench.run("verify", "b", "--level", "full").done();
    bench.run("restore", "create", "b", "--to", "r").done();
    TreeImage.of(bench.restored("r/data")).mustEqual(TreeImage.of(bench.data()));
  }

  private static String run(Workbench bench) {
    for (var run : bench.run("run", "list", "--json").done().json().get("runs")) {
      if (run.get("kind").asText().equals("RESTORE")) {
        return run.get("run").asText();
      }
    }
    throw new AssertionError("no restore");
  }
}
