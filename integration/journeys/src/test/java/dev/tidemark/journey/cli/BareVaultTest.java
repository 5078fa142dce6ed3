package dev.tidemark.journey.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** All is lost but the vault. */
@Execution(ExecutionMode.CONCURRENT)
class BareVaultTest {
  private final Path folder;

  BareVaultTest(@TempDir Path folder) {
    this.folder = folder;
  }

  @Test
  void theVaultAloneRestoresAndServesAsBaseAfterARebuild() throws IOException {
    Workbench bench = Workbench.with(folder, "chunkSize: 8");
    SampleTree tree = SampleTree.in(bench.data(), 11).everything().file("big", 12 << 20).aged();
    TreeImage before = TreeImage.of(bench.data());
    bench.run("backup", "create", "files", "--id", "old").done();
    Files.move(bench.state(), folder.resolve("lost-state"));
    Path configuration = folder.resolve("tidemark.yaml");
    Files.move(configuration, folder.resolve("kept.yaml"));

    var restored =
        bench
            .run(
                "restore",
                "create",
                "old",
                "--vault-path",
                "vault",
                "--to",
                "r",
                "--state",
                "fresh")
            .done();
    assertThat(restored.out()).contains("vault          " + folder.resolve("vault") + "\n");
    TreeImage.of(bench.restored("r/data")).mustEqual(before);
    assertThat(
            bench.run("backup", "list", "--vault-path", "vault", "--state", "fresh").done().out())
        .contains("old");
    bench
        .run("verify", "old", "--vault-path", "vault", "--level", "full", "--state", "fresh")
        .done();

    Files.move(folder.resolve("kept.yaml"), configuration);
    bench.run("catalog", "rebuild", "main").done();
    assertThat(bench.run("backup", "list").done().out()).contains("old");
    tree.text("new", "n");
    JsonNode next = bench.run("backup", "create", "files", "--id", "next", "--json").done().json();
    assertThat(next.get("stored").asLong()).as("stored beside the base").isLessThan(1 << 20);
    JsonNode shown = bench.run("backup", "show", "next", "--json").done().json();
    assertThat(shown.get("base").asText()).isEqualTo("old");
    bench.run("verify", "--all", "--level", "full").done();
    bench.run("restore", "create", "next", "--to", "r2").done();
    TreeImage.of(bench.restored("r2/data")).mustEqual(TreeImage.of(bench.data()));
  }
}
