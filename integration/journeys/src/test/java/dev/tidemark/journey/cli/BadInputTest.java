package dev.tidemark.journey.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Each refusal says what was expected and found; nothing is started by it, and nothing is lost. */
@Execution(ExecutionMode.CONCURRENT)
class BadInputTest {
  private final Path folder;
  private Workbench bench;
  private Map<String, Long> vault = Map.of();
  private int runs;

  BadInputTest(@TempDir Path folder) {
    this.folder = folder;
  }

  @BeforeEach
  void oneGoodBackup() throws IOException {
    bench = Workbench.with(folder);
    Path file = folder.resolve("tidemark.yaml");
    Files.writeString(
        file,
        Files.readString(file)
            .replace("{ path: vault }", "{ path: vault }, other: { path: other-vault }"));
    SampleTree.in(bench.data(), 7).text("docs/a", "one").text("docs/b", "two").aged();
    bench.run("backup", "create", "files", "--id", "good").done();
    remember();
  }

  @Test
  void namesAndOptionsThatMakeNoSense() {
    refused("backup create flies", "'flies'", "Hint: ", "files");
    refused("backup create files --vault mian", "'mian'", "Hint: ", "main");
    refused("backup create files --include data --exclude logs", "--include", "--exclude", "both");
    refused("backup create files --include dota", "dota");
    refused("backup create files --id Good!", "backup id", "'Good!'");
    refused("backup create files --id good --label other=one", "good", "in use");
    refused("backup create files --base none-such", "none-such");
    refused("restore create none-such --to r", "none-such", "backup list");
    refused("restore create good --to r --include dota", "dota");
    refused("restore create good --to r --path data/docs/none", "data/docs/none");
    refused("restore create good --to r --rename dota=x", "dota");
    refused("restore create good --to r --include data --exclude x", "both");
    assertThat(bench.restored("r")).doesNotExist();
    nothingWasStarted();
  }

  @Test
  void placesThatAreNoVault() throws IOException {
    Path other = bench.folder().resolve("other-vault");
    refused("backup create files --vault other", "other", "vault create");
    Files.createDirectories(other);
    Files.writeString(other.resolve("holiday.txt"), "mine");
    refused("backup create files --vault other", "other", "vault create");
    refused("vault create other", "holiday.txt");
    refused("restore create good --vault-path data --to r", "data");
    Files.delete(other.resolve("holiday.txt"));
    bench.run("vault", "create", "other").done();
    Path marker = other.resolve("vault.json");
    String line = Files.readAllLines(marker).get(0).replace("vault/1.0", "vault/7.0") + "\n";
    Files.writeString(marker, line);
    Files.writeString(marker, line + "{\"sha256\":\"" + TreeImage.digest(marker) + "\"}\n");
    refused("backup create files --vault other", "7.0");
    refused("restore create good --vault other --to r", "7.0");
    assertThat(Workbench.listing(other)).as("nothing else").hasSize(1);
    nothingWasStarted();
  }

  @Test
  void basesThatCannotServe() throws IOException {
    bench.run("vault", "create", "other").done();
    refused("backup create files --vault other --base good", "good");
    tombstone("good");
    refused("restore create good --to r", "good", "deleted");
    refused("backup create files --base good", "good");
    nothingWasStarted();
  }

  @Test
  void aBackupOfAnIncarnationThatIsGoneIsNoBase() throws IOException {
    bench.run("restore", "create", "good", "--replace").done();
    remember();
    refused("backup create files --base good", "good", "cluster id");
    nothingWasStarted();
  }

  @Test
  void theClusterOfAnotherDeployment() {
    Answer second =
        bench.run("--state", "second-state", "backup", "create", "files", "--id", "mine");
    // The second deployment does not know the first one's cluster id: it makes one of its own.
    second.done();
    bench.run("--state", "third-state", "catalog", "rebuild", "main").done();
    remember();
    refused("backup create files", "catalog rebuild");
    nothingWasStarted();
  }

  @Test
  void aConfigurationWithErrors() throws IOException {
    Path file = bench.folder().resolve("tidemark.yaml");
    String good = Files.readString(file);
    Files.writeString(file, good.replace("roots:", "rots:"));
    refused("backup create files", "tidemark.yaml:", "rots", "did you mean 'roots'?");
    refused("config check", "tidemark.yaml:");
    Files.writeString(file, good.replace("vault: main", "vault: mian"));
    refused("backup create files", "tidemark.yaml:", "mian", "did you mean 'main'?");
    Files.writeString(file, good);
    refused("--config none.yaml backup list", "none.yaml");
    nothingWasStarted();
  }

  @Test
  void aRootThatIsNotThere() throws IOException {
    Files.move(bench.data(), bench.folder().resolve("moved"));
    refused("backup create files", "data", "mount it");
    Files.move(bench.folder().resolve("moved"), bench.data());
    nothingWasStarted();
  }

  @Test
  void aVaultThatIsNotMounted() throws IOException {
    Files.move(bench.vault(), bench.folder().resolve("unmounted"));
    bench.run("backup", "create", "files").refused("vault", "mount");
    bench.run("restore", "create", "good", "--to", "r").refused("vault", "mount");
    Files.move(bench.folder().resolve("unmounted"), bench.vault());
    nothingWasStarted();
  }

  @Test
  void whileAnotherRunHasTheCluster() throws IOException {
    bench.run("backup", "create", "files", "--id", "waiting", "--detach").done();
    String holder = run("waiting");
    remember();
    refused("backup create files --id second", holder, "active");
    refused("restore create good --replace", holder, "active");
    nothingWasStarted();
    bench.run("backup", "cancel", "waiting").done();
    bench.run("backup", "create", "files", "--id", "second").done();
  }

  @Test
  void aBackupThatIsDamagedWhereItBegins() throws IOException {
    Path manifest = only(bench.vault().resolve("backups"));
    byte[] bytes = Files.readAllBytes(manifest);
    bytes[bytes.length / 2] ^= 1;
    Files.write(manifest, bytes);
    remember();
    bench.run("restore", "create", "good", "--to", "r").failed("backups/", "expected", "found");
    assertThat(bench.restored("r")).doesNotExist();
    nothingWasStarted();
  }

  @Test
  void commandsThatDoNotExist() {
    refused("bakcup create files", "'bakcup'");
    refused("backup create", "CLUSTER");
    refused("backup create files --lable a=b", "--lable", "--label");
    refused("verify good --level deep", "'deep'");
    refused("restore show nonsense", "nonsense");
    nothingWasStarted();
  }

  private void refused(String command, String... words) {
    bench.run(command.split(" ")).refused(words);
    assertThat(bench.vaultListing()).as("the vault after: " + command).isEqualTo(vault);
  }

  private void remember() {
    vault = bench.vaultListing();
    runs = runs().size();
  }

  private void nothingWasStarted() {
    assertThat(runs()).as("runs").hasSize(runs);
    assertThat(bench.vaultListing()).isEqualTo(vault);
  }

  private JsonNode runs() {
    return bench.run("run", "list", "--json").done().json().get("runs");
  }

  private String run(String backup) {
    for (JsonNode run : runs()) {
      if (run.get("id").asText().equals(backup)) {
        return run.get("run").asText();
      }
    }
    throw new AssertionError("no run of backup " + backup);
  }

  /** As a sweep of a deployment that we do not know of would leave it. */
  private void tombstone(String backup) throws IOException {
    Path manifest = only(bench.vault().resolve("backups"));
    Path tombstone =
        bench
            .vault()
            .resolve("deleted")
            .resolve(bench.vault().resolve("backups").relativize(manifest));
    Files.createDirectories(tombstone.getParent());
    Files.copy(manifest, tombstone);
    assertThat(manifest).hasFileName(backup + ".json");
    remember();
  }

  static Path only(Path root) throws IOException {
    try (var files = Files.walk(root)) {
      return files.filter(Files::isRegularFile).findFirst().orElseThrow();
    }
  }
}
