package dev.tidemark.journey.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Cancelling from another process, and the commands around a backup. */
@Execution(ExecutionMode.CONCURRENT)
class HooksTest {
  private final Path folder;

  HooksTest(@TempDir Path folder) {
    this.folder = folder;
  }

  @Test
  void aBackupIsCanceledFromAnotherProcessAndNothingOfItStays() throws IOException {
    Workbench bench = Workbench.with(folder, "slice: 1s", "chunkSize: 8");
    Path told = folder.resolve("thaw");
    Path frozen =
        hooks(
            bench,
            "for i in $(seq 900); do if [ -e %s ]; then break; fi; sleep 0.1; done"
                .formatted(told));
    SampleTree.in(bench.data(), 1).plain(10, 100).aged();
    try (Running creating = bench.start("backup", "create", "files", "--id", "b")) {
      assertThat(creating.until(() -> Files.exists(frozen))).isTrue();
      // It waits for the hook, which is in the other process's hands.
      try (Running canceling = bench.start("backup", "cancel", "b")) {
        assertThat(canceling.until(() -> isCanceled(bench))).isTrue();
        Files.createFile(told);
        canceling.answer().done();
      }
      creating.answer().ends(3);
    }
    assertThat(frozen).as("what the first hook did").doesNotExist();
    assertThat(bench.run("backup", "list", "--json").done().json().get("backups").toString())
        .doesNotContain("SUCCESS");
    bench.configure("");
    bench.run("backup", "create", "files", "--id", "next").done();
  }

  private static boolean isCanceled(Workbench bench) {
    return bench
        .run("run", "list", "--json")
        .done()
        .json()
        .at("/runs/0/status")
        .asText()
        .equals("CANCELED");
  }

  @Test
  void bothHooksRunOnceAroundABackup() throws IOException {
    Workbench bench = Workbench.with(folder);
    Path frozen = hooks(bench, "true");
    SampleTree.in(bench.data(), 1).plain(10, 100).aged();
    bench.run("backup", "create", "files", "--id", "b").done();
    assertThat(frozen).doesNotExist();
    assertThat(Files.readAllLines(folder.resolve("told"))).containsExactly("before", "after");
  }

  @Test
  void aFailingHookFailsTheBackupAndItsUndoRuns() throws IOException {
    Workbench bench = Workbench.with(folder);
    Path frozen = hooks(bench, "echo no snapshot today; exit 7");
    SampleTree.in(bench.data(), 1).plain(10, 100).aged();
    bench.run("backup", "create", "files", "--id", "b").failed("exit code 7", "no snapshot today");
    assertThat(frozen).doesNotExist();
    assertThat(Files.readAllLines(folder.resolve("told"))).containsExactly("before", "after");
    assertThat(Workbench.listing(bench.vault().resolve("backups"))).isEmpty();
  }

  @Test
  void theUndoRunsAfterTheProcessWasKilled() throws IOException {
    Workbench bench = Workbench.with(folder);
    Path frozen = hooks(bench, "sleep 5");
    SampleTree.in(bench.data(), 1).plain(10, 100).aged();
    killedInItsHook(bench, frozen, "a");
    bench.run("backup", "cancel", "a").done();
    assertThat(frozen).as("after cancelling").doesNotExist();

    killedInItsHook(bench, frozen, "b");
    hooks(bench, "true");
    bench.run("backup", "resume", "b").done();
    assertThat(frozen).as("after resuming").doesNotExist();
    bench.run("verify", "b", "--level", "full").done();
  }

  @Test
  void anInterruptedCommandSaysHowToGoOnAndThatWorks() throws IOException {
    Workbench bench = Workbench.with(folder);
    Path frozen = hooks(bench, "sleep 3");
    SampleTree.in(bench.data(), 1).plain(10, 100).aged();
    try (Running creating = bench.start("backup", "create", "files", "--id", "b")) {
      assertThat(creating.until(() -> Files.exists(frozen))).isTrue();
      assertThat(creating.terminate().ends(3).err()).contains("backup resume b", "backup cancel b");
    }
    bench.run("backup", "resume", "b").done();
    assertThat(frozen).doesNotExist();
    bench.run("verify", "b", "--level", "full").done();
  }

  private static void killedInItsHook(Workbench bench, Path frozen, String id) {
    try (Running creating = bench.start("backup", "create", "files", "--id", id)) {
      assertThat(creating.until(() -> Files.exists(frozen))).isTrue();
      creating.kill();
    }
    assertThat(frozen).exists();
  }

  /** A hook that freezes, then does something more; and its undo. */
  private static Path hooks(Workbench bench, String more) {
    Path told = bench.folder().resolve("told");
    Path frozen = bench.folder().resolve("frozen");
    bench.configure(
        ", hooks: { before: { run: [sh, -c, \"echo before >> %s; touch %s; %s\"] }, after: { run: [sh, -c, \"echo after >> %s; rm -f %s\"] } }"
            .formatted(told, frozen, more, told, frozen),
        "slice: 1s",
        "chunkSize: 8");
    return frozen;
  }
}
