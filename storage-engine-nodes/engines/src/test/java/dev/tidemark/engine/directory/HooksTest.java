package dev.tidemark.engine.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tidemark.core.engine.Shard;
import dev.tidemark.core.engine.SnapshotGone;
import dev.tidemark.core.engine.Source;
import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.failure.TransientFailure;
import dev.tidemark.engine.directory.DirectoryConfig.Hook;
import dev.tidemark.engine.directory.DirectoryConfig.Root;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HooksTest {
  private static final Shard SHARD = new Shard("data", "", "data", 0);
  private static final String UNIT = "0123456789abcdef0123";

  @TempDir Path folder = Path.of("/");

  @BeforeEach
  void makeRoot() throws IOException {
    Disk.file(folder.resolve("data/f"), "x");
  }

  private Hook hook(String script) {
    return new Hook(List.of("sh", "-c", script, "sh", log().toString()), Duration.ofSeconds(20));
  }

  private Path log() {
    return folder.resolve("log");
  }

  private DirectoryEngine engine(Hook before, Hook after) {
    var root = Root.of("data", folder.resolve("data"));
    var config = new DirectoryConfig("files", List.of(root), before, after);
    return new DirectoryEngine(config, folder.resolve("state"), InstantSource.system());
  }

  private static void prepare(DirectoryEngine engine) {
    assertThat(engine.source().prepare(Disk.RUN, List.of(SHARD.collection())).ready()).isTrue();
  }

  private static List<String> leftovers(DirectoryEngine engine) {
    return engine.catalog().leftovers(Disk.RUN.deployment());
  }

  private List<String> logged() throws IOException {
    return Files.exists(log()) ? Files.readAllLines(log()) : List.of();
  }

  @Test
  void theHooksRunOnceAroundABackup() throws IOException {
    Hook before = hook("echo before $TIDEMARK_RUN >> \"$1\"");
    Hook after = hook("echo after $TIDEMARK_RUN >> \"$1\"");
    prepare(engine(before, after));
    prepare(engine(before, after));
    assertThat(leftovers(engine(before, after))).containsExactly(Disk.RUN.name());
    engine(before, after).source().releaseAll(Disk.RUN);
    engine(before, after).source().releaseAll(Disk.RUN);
    assertThat(logged()).containsExactly("before " + Disk.RUN.name(), "after " + Disk.RUN.name());
    assertThat(leftovers(engine(before, after))).isEmpty();
  }

  @Test
  void theUndoRunsWhereBeforeFailedHalfWay() throws IOException {
    DirectoryEngine engine =
        engine(
            hook("echo frozen >> \"$1\"; echo cannot stop the server >&2; exit 3"),
            hook("echo thawed >> \"$1\""));
    assertThatExceptionOfType(PermanentFailure.class)
        .isThrownBy(() -> prepare(engine))
        .withMessageContaining("before-hook of files")
        .withMessageContaining("exit code 3, and printed: cannot stop the server");
    engine.source().releaseAll(Disk.RUN);
    assertThat(logged()).containsExactly("frozen", "thawed");
    assertThat(leftovers(engine)).isEmpty();
  }

  @Test
  void theUndoDoesNotRunWhereNothingWasBegun() throws IOException {
    DirectoryEngine engine = engine(hook("true"), hook("echo thawed >> \"$1\""));
    engine.source().releaseAll(Disk.RUN);
    assertThat(logged()).isEmpty();
  }

  @Test
  void aFailingUndoIsTriedAgain() throws IOException {
    Hook before = hook("true");
    DirectoryEngine engine = engine(before, hook("echo tried >> \"$1\"; exit 1"));
    prepare(engine);
    for (int i = 0; i < 2; i++) {
      assertThatExceptionOfType(TransientFailure.class)
          .isThrownBy(() -> engine.source().releaseAll(Disk.RUN))
          .withMessageContaining("after-hook of files");
    }
    assertThat(leftovers(engine)).hasSize(1);
    engine(before, hook("echo done >> \"$1\"")).source().releaseAll(Disk.RUN);
    assertThat(logged()).containsExactly("tried", "tried", "done");
    assertThat(leftovers(engine)).isEmpty();
  }

  @Test
  void aHookAndAllThatItStartedIsKilledAtItsLimit() throws IOException {
    var script = "sleep 600 & echo $! > \"$1\"; wait";
    var slow = new Hook(List.of("sh", "-c", script, "sh", log().toString()), Duration.ofSeconds(1));
    DirectoryEngine engine = engine(slow, hook("true"));
    assertThatExceptionOfType(PermanentFailure.class)
        .isThrownBy(() -> prepare(engine))
        .withMessageContaining("killed after 1s");
    long child = Long.parseLong(logged().get(0));
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (runs(child)) {
      assertThat(System.nanoTime()).as("process %d goes on", child).isLessThan(end);
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
    }
  }

  /**
   * The JDK takes whoever was killed for alive until somebody asks for his end, which nobody does
   * in a container whose first process is no init.
   */
  private static boolean runs(long process) {
    try {
      String stat = Files.readString(Path.of("/proc/" + process + "/stat"));
      return "ZX".indexOf(stat.charAt(stat.lastIndexOf(')') + 2)) < 0;
    } catch (IOException e) {
      return false; // there is none any more
    }
  }

  @Test
  void muchOutputNeitherBlocksAHookNorFillsTheMessage() {
    DirectoryEngine engine =
        engine(
            hook("i=0; while [ $i -lt 20000 ]; do echo line $i; i=$((i+1)); done; exit 1"),
            hook("true"));
    assertThatExceptionOfType(PermanentFailure.class)
        .isThrownBy(() -> prepare(engine))
        .withMessageContaining("line 19999")
        .satisfies(failure -> assertThat(failure.getMessage()).hasSizeLessThan(1_000));
  }

  @Test
  void aCommandThatDoesNotExistIsNamed() {
    var missing = new Hook(List.of("/no/such/program", "--password=x"), Duration.ofSeconds(1));
    assertThatExceptionOfType(PermanentFailure.class)
        .isThrownBy(() -> prepare(engine(missing, missing)))
        .withMessageContaining("/no/such/program")
        .satisfies(f -> assertThat(f.getMessage()).doesNotContain("password"));
  }

  @Test
  void whatWasReadBeforeAReleaseIsAnotherSnapshotThanWhatIsReadAfter() {
    DirectoryEngine engine = engine(hook("true"), hook("true"));
    Source source = engine.source();
    assertThat(source.keepsForResume()).isFalse();
    prepare(engine);
    String first = source.snapshot(Disk.RUN, UNIT, List.of(SHARD)).name();
    source.open(Disk.RUN, UNIT, List.of(SHARD), first).close();
    source.releaseAll(Disk.RUN);
    assertThatExceptionOfType(SnapshotGone.class)
        .isThrownBy(() -> source.open(Disk.RUN, UNIT, List.of(SHARD), first));
    assertThatExceptionOfType(TransientFailure.class)
        .isThrownBy(() -> source.snapshot(Disk.RUN, UNIT, List.of(SHARD)));
  }
}
