package dev.tidemark.journey.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Processes that are killed, and processes that work side by side. */
@Execution(ExecutionMode.CONCURRENT)
class KilledTest {
  private static final String ID = "k";

  private final Path folder;

  KilledTest(@TempDir Path folder) {
    this.folder = folder;
  }

  @Test
  void fiveKillsAtRandomMomentsLoseNothing() throws IOException {
    survive(seed(), 5, 24 << 20);
  }

  @Test
  @Tag("slow")
  void thirtySixKillsAtRandomMomentsLoseNothing() throws IOException {
    survive(seed(), 36, 160 << 20);
  }

  /** Half of the kills hit backups, half restores, several the same run. */
  private void survive(long seed, int kills, int bytes) throws IOException {
    System.out.println("KilledTest seed " + seed + ", replay with -Dtidemark.seed=" + seed);
    var random = new Random(seed);
    Workbench bench =
        Workbench.with(folder, "slice: 1s", "chunkSize: 8", "compression: ZstdBestCompression");
    SampleTree tree = SampleTree.in(bench.data(), seed).everything().plain(1_500, 3_000);
    tree.file("big/one", bytes / 2).file("big/two", bytes / 2).aged();
    int left = kills;
    for (int round = 0; left > 0; round++) {
      String id = ID + round;
      int now = Math.min(left, 1 + random.nextInt(4));
      left -= now;
      if (random.nextBoolean() || round == 0) {
        killBackup(bench, id, now, random);
      } else {
        id = ID + "0";
        killRestore(bench, "r" + round, now, random, TreeImage.of(bench.data()));
      }
      bench.run("verify", id, "--level", "full").done();
    }
    bench.run("restore", "create", ID + "0", "--to", "final").done();
    TreeImage.of(bench.restored("final/data")).mustEqual(TreeImage.of(bench.data()));
    assertThat(drafts(bench)).as("what lies about the target").isEmpty();
  }

  private static void killBackup(Workbench bench, String id, int kills, Random random) {
    String[] create = {"backup", "create", "files", "--id", id, "--base", "none"};
    String[] next = create;
    for (int i = 0; i < kills; i++) {
      kill(bench, random, next);
      next = random.nextBoolean() ? create : new String[] {"backup", "resume", id};
      if (next != create
          && !bench.run("backup", "list", "--json").done().out().contains("\"" + id + "\"")) {
        next = create; // killed before there was anything to resume
      }
    }
    assertThat(bench.run(next).done().out()).contains("SUCCESS");
  }

  private static void killRestore(
      Workbench bench, String to, int kills, Random random, TreeImage expected) {
    String[] create = {"restore", "create", ID + "0", "--to", to};
    String[] next = create;
    for (int i = 0; i < kills; i++) {
      kill(bench, random, next);
      next = openRestore(bench, create);
    }
    if (next.length > 0) {
      assertThat(bench.run(next).done().out()).contains("SUCCESS");
    }
    TreeImage.of(bench.restored(to).resolve("data")).mustEqual(expected);
  }

  /** How to go on with the restore that was killed. */
  private static String[] openRestore(Workbench bench, String[] create) {
    for (var run : bench.run("run", "list", "--json").done().json().get("runs")) {
      if (run.get("kind").asText().equals("RESTORE")
          && !run.get("status").asText().equals("SUCCESS")) {
        return new String[] {"restore", "resume", run.get("run").asText()};
      }
    }
    return Files.exists(bench.restored(create[4]).resolve("data")) ? new String[0] : create;
  }

  private static void kill(Workbench bench, Random random, String... command) {
    if (command.length == 0) {
      return;
    }
    try (Running running = bench.start(command)) {
      boolean ended = running.endsWithin(Duration.ofMillis(400 + random.nextInt(3_000)));
      Answer answer = ended ? running.answer() : running.kill();
      System.out.printf("  %s: %s%n", String.join(" ", command), ended ? "ended" : "killed");
      if (ended) {
        answer.done();
      }
    }
  }

  @Test
  void severalProcessesWorkOneRunTogether() throws IOException {
    Workbench bench = Workbench.with(folder, "slice: 1s", "chunkSize: 8");
    SampleTree.in(bench.data(), 9).plain(500, 3_000).file("big", 24 << 20).aged();
    bench.run("backup", "create", "files", "--id", "both", "--detach").done();
    try (Running one = bench.start("backup", "resume", "both");
        Running two = bench.start("backup", "resume", "both")) {
      assertThat(one.answer().done().out()).contains("SUCCESS");
      assertThat(two.answer().done().out()).contains("SUCCESS");
    }
    bench.run("verify", "both", "--level", "full").done();
    String run =
        bench
            .run("restore", "create", "both", "--to", "r", "--detach", "--json")
            .done()
            .json()
            .get("run")
            .asText();
    try (Running one = bench.start("restore", "resume", run);
        Running two = bench.start("restore", "resume", run)) {
      one.answer().done();
      two.answer().done();
    }
    TreeImage.of(bench.restored("r/data")).mustEqual(TreeImage.of(bench.data()));
  }

  /** Everything beside the restored folders. */
  private static java.util.List<String> drafts(Workbench bench) throws IOException {
    try (var names = Files.walk(bench.folder(), 2)) {
      return names
          .map(path -> bench.folder().relativize(path).toString())
          .filter(name -> name.contains("tidemark-"))
          .toList();
    }
  }

  private static long seed() {
    return Long.getLong("tidemark.seed", ThreadLocalRandom.current().nextLong(1_000_000));
  }
}
