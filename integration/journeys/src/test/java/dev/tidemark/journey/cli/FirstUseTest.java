package dev.tidemark.journey.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

@Execution(ExecutionMode.CONCURRENT)
class FirstUseTest {
  /** In Arabic as it is written in Egypt, numbers have digits of their own. */
  private static final Launch ARABIC =
      new Launch(
          List.of("-XX:TieredStopAtLevel=1", "-Duser.language=ar", "-Duser.country=EG"), null);

  private final Path folder;

  FirstUseTest(@TempDir Path folder) {
    this.folder = folder;
  }

  @Test
  void aTreeIsBackedUpChangedBackedUpAgainAndEachStateComesBack() throws IOException {
    Workbench bench = Workbench.bare(folder, "chunkSize: 8");
    bench.run("config", "check").done();
    bench.run("vault", "create", "main").done();
    SampleTree tree = SampleTree.in(bench.data(), 1).everything().socket("a socket");
    TreeImage before = storable(bench.data());

    Answer first = bench.run("backup", "create", "files", "--id", "one", "--label", "kind=first");
    assertThat(first.done().out()).contains("backup one: SUCCESS");

    tree.edit("large.bin", 9 << 20, 10).text("added", "new").text("plain/00/file-00000", "other");
    Files.delete(bench.data().resolve("order/a.b"));
    TreeImage after = storable(bench.data());
    JsonNode second = bench.run("backup", "create", "files", "--id", "two", "--json").done().json();
    assertThat(second.get("status").asText()).isEqualTo("SUCCESS");
    assertThat(second.get("stored").asLong()).as("bytes stored").isLessThan(4 << 20);

    listed(bench);
    shown(bench);
    compared(bench);
    for (String level : List.of("structure", "sample:10", "full")) {
      assertThat(bench.run("verify", "--all", "--level", level).done().out()).contains("intact");
    }
    bench.run("restore", "create", "one", "--to", "old").done();
    TreeImage.of(bench.restored("old/data")).mustEqual(before);
    assertThat(blocks(bench.restored("old/data/sparse"))).isLessThan(1 << 20);
    bench.run("restore", "create", "two", "--to", "new").done();
    TreeImage.of(bench.restored("new/data")).mustEqual(after);
  }

  private static void listed(Workbench bench) {
    JsonNode backups = bench.run("backup", "list", "--json").done().json().get("backups");
    assertThat(backups).hasSize(2);
    assertThat(backups.get(0).get("id").asText()).isEqualTo("two");
    assertThat(backups.get(0).get("base").asText()).isEqualTo("one");
    assertThat(bench.run("backup", "list", "--label", "kind=first").done().out())
        .contains("one")
        .doesNotContain("two");
  }

  private static void shown(Workbench bench) {
    JsonNode one = bench.run("backup", "show", "one", "--json").done().json();
    assertThat(one.get("labels").get("kind").asText()).isEqualTo("first");
    assertThat(one.get("consistency").asText()).isEqualTo("crash");
    assertThat(one.toString()).as("names what is not in it").contains("socket");
    String contents = bench.run("backup", "contents", "one", "--path", "data/odd").done().out();
    assertThat(contents).contains("data/odd/%FF%FE%80latin").doesNotContain("large.bin");
  }

  private static void compared(Workbench bench) {
    JsonNode differences = bench.run("backup", "diff", "one", "two", "--json").done().json();
    List<String> changes = new ArrayList<>();
    differences
        .get("differences")
        .forEach(
            each -> changes.add(each.get("change").asText() + " " + each.get("path").asText()));
    assertThat(changes)
        .contains(
            "ADDED added", "REMOVED order/a.b", "CONTENT large.bin", "CONTENT plain/00/file-00000")
        .hasSizeLessThan(9);
  }

  @Test
  void aRestoreTakesWhatIsAskedForUnderTheNameThatIsAskedFor() throws IOException {
    Workbench bench = Workbench.with(folder);
    SampleTree.in(bench.data(), 2).text("a/one", "1").text("a/two", "2").text("b", "3").aged();
    SampleTree.in(bench.folder().resolve("logs"), 3).text("log", "l").aged();
    bench.configure("", "chunkSize: 8");
    twoRoots(bench);
    bench.run("backup", "create", "files", "--id", "both").done();
    TreeImage data = TreeImage.of(bench.data());
    TreeImage logs = TreeImage.of(bench.folder().resolve("logs"));

    bench.run("restore", "create", "both", "--to", "r1", "--include", "l*").done();
    TreeImage.of(bench.restored("r1/logs")).mustEqual(logs);
    assertThat(bench.restored("r1/data")).doesNotExist();

    bench
        .run("restore", "create", "both", "--to", "r2", "--exclude", "logs", "--path", "data/a")
        .done();
    TreeImage.of(bench.restored("r2/data")).below("/a").mustEqual(data.below("/a"));
    assertThat(bench.restored("r2/data/b")).doesNotExist();

    bench
        .run(
            "restore", "create", "both", "--to", "r3", "--rename", "data=facts", "--suffix", ".old")
        .done();
    TreeImage.of(bench.restored("r3/facts.old")).mustEqual(data);
    TreeImage.of(bench.restored("r3/logs.old")).mustEqual(logs);

    Answer plan = bench.run("restore", "create", "both", "--to", "r3", "--suffix", "2", "--plan");
    assertThat(plan.done().out()).contains("data2").contains("logs2");
    assertThat(bench.restored("r3/data2")).as("a plan starts nothing").doesNotExist();
  }

  @Test
  void whatExistsStaysUnlessReplacingIsAskedFor() throws IOException {
    Workbench bench = Workbench.with(folder);
    SampleTree tree = SampleTree.in(bench.data(), 4).plain(20, 1_000).aged();
    TreeImage before = TreeImage.of(bench.data());
    bench.run("backup", "create", "files", "--id", "good").done();
    tree.text("plain/00/file-00000", "spoiled").text("later", "x");
    TreeImage spoiled = TreeImage.of(bench.data());

    bench.run("restore", "create", "good").refused("exists", "--replace");
    Answer plan = bench.run("restore", "create", "good", "--plan", "--json").ends(2);
    assertThat(plan.json().get("mappings").get(0).get("conflict").asText()).isNotEmpty();
    TreeImage.of(bench.data()).mustEqual(spoiled);

    bench.run("restore", "create", "good", "--replace").done();
    TreeImage.of(bench.data()).mustEqual(before);
    bench.run("backup", "create", "files", "--id", "after").done();
    bench.run("restore", "create", "after", "--to", "r").done();
    TreeImage.of(bench.restored("r/data")).mustEqual(before);
  }

  @Test
  void aPersonsLanguageChangesNothingThatIsKept() throws IOException {
    Workbench bench = Workbench.with(folder);
    SampleTree.in(bench.data(), 5).plain(20, 1_000).aged();
    try (Running arabic = bench.start(ARABIC, "backup", "create", "files", "--id", "b")) {
      assertThat(arabic.answer().done().out()).contains("backup b: SUCCESS");
    }
    bench.run("restore", "create", "b", "--to", "r").done();
    TreeImage.of(bench.restored("r/data")).mustEqual(TreeImage.of(bench.data()));
  }

  static void twoRoots(Workbench bench) throws IOException {
    Path file = bench.folder().resolve("tidemark.yaml");
    Files.writeString(
        file,
        Files.readString(file)
            .replace("path: data } ]", "path: data }, { name: logs, path: logs } ]"));
  }

  /** The tree without what cannot be stored. */
  private static TreeImage storable(Path root) {
    TreeImage all = TreeImage.of(root);
    all.nodes().remove("/a%20socket");
    return all;
  }

  private static long blocks(Path file) throws IOException {
    Process stat = new ProcessBuilder("stat", "-c", "%b", file.toString()).start();
    return 512
        * Long.parseLong(
            new String(stat.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip());
  }
}
