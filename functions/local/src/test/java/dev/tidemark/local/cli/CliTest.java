package dev.tidemark.local.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tidemark.core.config.ConfigurationReader;
import dev.tidemark.core.config.Field;
import dev.tidemark.core.config.Reading;
import dev.tidemark.core.config.Schema;
import dev.tidemark.core.control.BackupFilter;
import dev.tidemark.core.control.CreateBackup;
import dev.tidemark.core.control.CreateRestore;
import dev.tidemark.core.control.Status;
import dev.tidemark.core.control.VaultPlace;
import dev.tidemark.core.vault.Compression;
import dev.tidemark.local.app.VerifyRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CliTest {
  private static final String CONFIGURATION =
      """
      vaults: { main: { path: vault }, second: { path: vault2 } }
      clusters: { files: { engine: disk, vault: main } }
      policies: { nightly: { clusters: [files] } }
      """;

  private Path folder;

  private final ManualTime time = new ManualTime();
  private final SmallTidemark tidemark = new SmallTidemark(time);
  private final Map<String, String> variables = new HashMap<>();
  private final List<Path> opened = new ArrayList<>();
  private final List<Runnable> goodbyes = new ArrayList<>();
  private ByteArrayOutputStream errBytes = new ByteArrayOutputStream();
  private int columns;
  private String out = "";
  private String err = "";

  @BeforeEach
  void configure(@TempDir Path folder) throws IOException {
    this.folder = folder;
    Files.writeString(folder.resolve("tidemark.yaml"), CONFIGURATION);
    variables.put("HOME", folder.resolve("home").toString());
  }

  private int run(String... arguments) {
    var outBytes = new ByteArrayOutputStream();
    errBytes = new ByteArrayOutputStream();
    var environment =
        new Environment(
            new PrintStream(outBytes, false, StandardCharsets.UTF_8),
            new PrintStream(errBytes, true, StandardCharsets.UTF_8),
            variables,
            folder,
            time,
            ZoneId.of("Europe/Berlin"),
            columns,
            (goodbye, exitCode) -> {
              goodbyes.add(goodbye);
              return () -> {};
            });
    var reader =
        new ConfigurationReader(
            Map.of("disk", Schema.of()),
            Map.of("filesystem", Schema.of(Schema.required("path", Field.path()))),
            Set.of("env", "file"));
    Opening opening =
        (configuration, state, log) -> {
          opened.add(state);
          return tidemark;
        };
    int exitCode = new Cli(environment, opening, reader).run(arguments);
    out = outBytes.toString(StandardCharsets.UTF_8);
    err = errBytes.toString(StandardCharsets.UTF_8);
    return exitCode;
  }

  private int runWords(String line) {
    return run(line.split(" "));
  }

  private JsonNode json() throws IOException {
    return new ObjectMapper().readTree(out);
  }

  @Test
  void aBackupIsMadeAndItsEndPrinted() {
    assertThat(runWords("backup create files --id b1")).isZero();

    assertThat(out)
        .isEqualToNormalizingNewlines(
            """
            backup b1: SUCCESS
            run            files.000000000000
            cluster        files
            vault          main (/srv/vault)
            started        2026-11-21 07:04:00
            completed      2026-11-21 07:04:00
            units          2 of 2
            files          1
            size           256 MiB
            stored         128 MiB
            """);
  }

  @Test
  void aBackupRequestCarriesAllThatWasAsked() {
    String line =
        "backup create files --id b1 --vault second --policy nightly --include a,b* --base none"
            + " --label k=v --label app=x=y --compression bestspeed --chunk-size 20 --no-progress";

    assertThat(runWords(line)).isZero();

    assertThat(tidemark.requests)
        .containsExactly(
            new CreateBackup(
                "files",
                "b1",
                "second",
                "nightly",
                List.of("a", "b*"),
                List.of(),
                new CreateBackup.None(),
                Map.of("k", "v", "app", "x=y"),
                Compression.BEST_SPEED,
                24));
    assertThat(err).contains("--chunk-size: 20 MiB is used as 24 MiB");
  }

  @ParameterizedTest
  @CsvSource({"SUCCESS,0", "FAILED,1", "CANCELED,3", "WAITING,1"})
  void theExitCodeTellsHowTheRunEnded(Status end, int exitCode) {
    tidemark.end = end;

    assertThat(runWords("backup create files")).isEqualTo(exitCode);
    assertThat(out).startsWith("backup b0: " + end);
  }

  @Test
  void aFailedRunTellsWhyAndHowToResumeIt() {
    tidemark.end = Status.FAILED;

    runWords("backup create files");

    assertThat(out)
        .contains("error          unit data: the disk is on fire")
        .contains("resumable      until 2026-11-21 08:04:00 by: tidemark backup resume b0");
  }

  @Test
  void cancelingSucceedsWhereTheRunIsCanceled() {
    runWords("backup create files --detach");

    assertThat(runWords("backup cancel b0")).isZero();
    assertThat(out).startsWith("backup b0: CANCELED");
  }

  @Test
  void interruptionTellsHowTheRunGoesOn() {
    runWords("backup create files");

    goodbyes.get(0).run();

    assertThat(errBytes.toString(StandardCharsets.UTF_8))
        .contains("Interrupted. The run is not canceled")
        .contains("It goes on by `tidemark backup resume b0 --cluster files`")
        .contains("ends by `tidemark backup cancel b0 --cluster files`");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "backup create filse|found no cluster of that name. Hint: did you mean 'files'?",
        "backup create files --vault mian|found no vault of that name. Hint: did you mean 'main'?",
        "backup create files --policy nightyl|did you mean 'nightly'?",
        "backup create files --include a --exclude b|expected one of them, found both",
        "backup create files --id Big|expected 1 to 128 of a-z, 0-9, _ and -, found 'Big'",
        "backup create files --base a/b|expected 1 to 128 of a-z",
        "backup create files --label novalue|expected NAME=VALUE, found 'novalue'",
        "backup create files --label a=1 --label a=2|expected each label once",
        "backup create files --compression gzipp|expected one of NoCompression",
        "backup create files --chunk-size 1|expected a whole number from 2 to 512, found '1'",
        "backup create files --chunk-size 32MB|found '32MB'",
        "backup create files --wait --detach|expected one of them, found both",
        "backup create files --lable a=b|did you mean '--label'?",
        "backup create files --nonsense=hunter2|found '--nonsense'",
        "backup create|expected CLUSTER, found nothing",
        "backup create files more|found 'more'",
        "backup lst|did you mean 'list'?",
        "backup|expected a command: create, list, show",
        "backup list --status DONE|expected one of STARTED",
        "backup list --since yesterday|how long ago, a date or a time, found 'yesterday'",
        "backup list --since 2026-13-01|found '2026-13-01'",
        "backup list --limit 0|from 1 to 100000, found '0'",
        "backup list --vault nope|expected one of main, second",
        "backup list --vault main --vault-path x|expected one of them, found both",
        "backup contents b0 --path /data|expected a path in the backup",
        "backup contents b0 --path a/../b|expected a path in the backup",
        "backup contents b0 --path 100%|write %25",
        "restore create b0 --include a --exclude b|found both",
        "restore create b0 --rename a|expected FROM=TO, found 'a'",
        "restore create b0 --rename a*=b*c*|as many * in TO as in FROM",
        "restore create b0 --suffix a/b|without '/'",
        "restore create UP|found 'UP'",
        "restore show b0|expected CLUSTER.WRITER",
        "verify|expected a backup's id or --all, found neither",
        "verify b0 --all|found both",
        "verify b0 --level sample:0|expected structure, sample:PERCENT or full",
        "vault create|expected the name of a configured vault, or --path DIR, found neither",
        "vault create main --path x|found both",
        "vault stats nope|expected one of main, second",
        "config check none.yaml|expected a YAML file, found no such file",
        "--config none.yaml backup list|expected a YAML file, found no such file",
      })
  void badInputIsRefusedWithASentenceAndNothingIsOpened(String example) {
    int bar = example.indexOf('|');

    assertThat(runWords(example.substring(0, bar))).isEqualTo(2);

    assertThat(err)
        .contains(example.substring(bar + 1))
        .doesNotContain("\tat ")
        .doesNotContain("hunter2");
    assertThat(err.strip().lines()).hasSize(1);
    assertThat(opened).isEmpty();
  }

  @Test
  void aConfigurationWithErrorsStartsNothing() throws IOException {
    Files.writeString(folder.resolve("tidemark.yaml"), "vaults: 5\nclusers: {}\n");

    assertThat(runWords("backup list")).isEqualTo(2);
    assertThat(err).contains("tidemark.yaml:1:9: vaults").contains("did you mean 'clusters'?");
    assertThat(opened).isEmpty();

    assertThat(runWords("config check")).isEqualTo(2);
    assertThat(out).contains("tidemark.yaml: 2 errors");
    assertThat(err.lines()).hasSize(2);
  }

  @Test
  void aGoodConfigurationIsToldSo() {
    assertThat(runWords("config check")).isZero();
    assertThat(out).startsWith("tidemark.yaml: good").contains("vaults         main, second");
  }

  @Test
  void theExampleIsAGoodConfigurationOfThisHost() {
    assertThat(runWords("config example")).isZero();

    Reading reading = Main.reader().read("example", out, folder);
    assertThat(reading.problems()).isEmpty();
    assertThat(reading.orThrow().cluster("files").options().many("roots")).hasSize(1);
    // What is commented out is good too.
    String whole =
        out.replaceAll("(?m)^( *)# (?=[a-z]+: )", "$1").replaceAll("(?m)^( *)#   ", "$1  ");
    Reading everything = Main.reader().read("example", whole, folder);
    assertThat(everything.problems()).isEmpty();
    assertThat(everything.orThrow().cluster("files").options().has("hooks")).isTrue();
  }

  @Test
  void whatAnEngineRefusesAsAWholeHasALineToo() {
    String twice =
        """
        vaults: { v: { path: v } }
        clusters:
          c: { engine: directory, roots: [{ path: a/data }, { path: b/data }] }
        """;

    assertThat(Main.reader().read("x.yaml", twice, folder).problems())
        .singleElement()
        .satisfies(
            problem -> {
              assertThat(problem.line()).isEqualTo(3);
              assertThat(problem.where()).isEqualTo("clusters.c");
              assertThat(problem.expected()).isEqualTo("a different name for each root");
            });
  }

  @Test
  void refusalsOfTheApplicationAreBadInputToo() {
    runWords("backup create files --id b1 --detach");

    assertThat(runWords("backup create files --id b2")).isEqualTo(2);
    assertThat(err)
        .isEqualToNormalizingNewlines(
            "tidemark: cluster files: expected no active run, found the run files.000000000000\n");
    assertThat(runWords("backup show nope")).isEqualTo(2);
    assertThat(err).contains("backup nope: expected a backup, found none of that id");
    assertThat(runWords("backup show nope --debug")).isEqualTo(2);
    assertThat(err).contains("\tat ");
  }

  @Test
  void failuresAreJsonToo() throws IOException {
    assertThat(runWords("backup show nope --json")).isEqualTo(2);

    assertThat(json().at("/error/exitCode").asInt()).isEqualTo(2);
    assertThat(json().at("/error/kind").asText()).isEqualTo("NOT_FOUND");
    assertThat(json().at("/error/found").asText()).isEqualTo("none of that id");
  }

  @Test
  void backupsAreListedInAlignedColumnsAndLocalTime() {
    runWords("backup create files --id first --label app=shop");

    assertThat(runWords("backup list")).isZero();

    assertThat(out)
        .isEqualToNormalizingNewlines(
            "ID     CLUSTER  STATUS   STARTED                TOOK  FILES     SIZE   STORED  BASE"
                + "  VAULT  LABELS\n"
                + "first  files    SUCCESS  2026-11-21 07:00:00  4m 00s      1  256 MiB  128 MiB"
                + "        main   app=shop\n");
  }

  @Test
  void listsAreFiltered() {
    assertThat(
            runWords(
                "backup list --cluster files --status success,failed --label a=b --since"
                    + " 2026-11-21 --limit 5 --vault-path v"))
        .isZero();
    assertThat(runWords("backup list --since 6h")).isZero();

    assertThat(tidemark.requests.get(0))
        .isEqualTo(
            new BackupFilter(
                "files",
                new VaultPlace.Folder(folder.resolve("v")),
                Set.of(Status.SUCCESS, Status.FAILED),
                Map.of("a", "b"),
                Instant.parse("2026-11-20T23:00:00Z"),
                5));
    assertThat(((BackupFilter) tidemark.requests.get(1)).since())
        .isEqualTo(Instant.parse("2026-11-21T00:00:00Z"));
    assertThat(out).isEqualToNormalizingNewlines("no backups\n");
  }

  @Test
  void jsonIsOneDocumentWithTheSameFieldsAlways() throws IOException {
    runWords("backup create files --id b1 --json");
    assertThat(json().get("status").asText()).isEqualTo("SUCCESS");
    assertThat(json().get("error").isNull()).isTrue();
    assertThat(json().get("completedAt").asText()).isEqualTo("2026-11-21T06:04:00Z");

    runWords("backup list --json");
    JsonNode backup = json().get("backups").get(0);
    assertThat(backup.get("id").asText()).isEqualTo("b1");
    assertThat(backup.get("bytes").asLong()).isEqualTo(256L << 20);
    assertThat(backup.get("base").isNull()).isTrue();

    runWords("backup show b1 --json");
    assertThat(json().get("notes").get("special").asInt()).isEqualTo(1);

    runWords("backup contents b1 --json");
    assertThat(json().at("/entries/0/path").asText()).isEqualTo("gr%C3%B6%C3%9Fe 100%25");

    runWords("backup diff b1 b1 --json");
    assertThat(json().at("/differences/0/before").isNull()).isTrue();
    assertThat(json().at("/totals/same").asInt()).isEqualTo(7);

    runWords("run list --json");
    assertThat(json().at("/runs/0/run").asText()).isEqualTo("files.000000000000");

    runWords("vault stats main --json");
    assertThat(json().at("/kinds/0/objects").asInt()).isEqualTo(12);

    runWords("config check --json");
    assertThat(json().get("digest").asText()).hasSize(64);
  }

  @Test
  void contentsShowPathsAsTheyAreTakenBack() {
    runWords("backup create files --id b1");
    runWords("backup contents b1");
    assertThat(out)
        .isEqualToNormalizingNewlines(
            "-0644     256 MiB  1970-01-01 01:00:00  data/größe 100%25\n");

    assertThat(run("backup", "contents", "b1", "--path", "data/größe 100%25")).isZero();
    runWords("backup diff b1 b1");
    assertThat(out).startsWith("+ data/größe 100%25").contains("1 added (256 MiB)");
  }

  @Test
  void aRestoreRequestCarriesAllThatWasAsked() {
    runWords("backup create files --id b1");

    assertThat(
            runWords(
                "restore create b1 --cluster files --vault-path v --exclude x --path data/a --rename"
                    + " a-*=b-* --suffix _r --to out --replace"))
        .isZero();

    var request = (CreateRestore) tidemark.requests.get(1);
    assertThat(request.backup().vault()).isEqualTo(new VaultPlace.Folder(folder.resolve("v")));
    assertThat(request.exclude()).containsExactly("x");
    assertThat(request.paths()).extracting(Object::toString).containsExactly("data/a");
    assertThat(request.renames()).containsExactly(new CreateRestore.Rename("a-*", "b-*"));
    assertThat(request.suffix()).isEqualTo("_r");
    assertThat(request.to()).isEqualTo(folder.resolve("out"));
    assertThat(request.replace()).isTrue();
    assertThat(out).startsWith("restore of backup b1: SUCCESS");
  }

  @Test
  void aPlanStartsNothingAndTellsWhatIsInTheWay() {
    runWords("backup create files --id b1");

    assertThat(runWords("restore create b1 --plan")).isEqualTo(2);
    assertThat(out)
        .contains("data  data2  /srv/data2      1  256 MiB  a folder")
        .contains("/srv: needs 256 MiB, has 1.00 GiB")
        .contains("refused: data2 exists");
    assertThat(runWords("restore create b1 --plan --replace")).isZero();
    runWords("run list");
    assertThat(out).doesNotContain("RESTORE");
  }

  @Test
  void aBareVaultNeedsNoConfiguration() throws IOException {
    runWords("backup create files --id b1");
    Files.delete(folder.resolve("tidemark.yaml"));

    assertThat(runWords("restore create b1 --vault-path v --to out --state s")).isZero();
    assertThat(opened.get(1)).isEqualTo(folder.resolve("s"));

    assertThat(runWords("restore create b1 --to out")).isEqualTo(2);
    assertThat(err)
        .contains(
            "expected --vault-path, or a configuration with a vault, found no configuration:");
    assertThat(runWords("backup create files")).isEqualTo(2);
    assertThat(err).contains("found no configuration: neither --config, ./tidemark.yaml nor");
  }

  @Test
  void damageMakesVerificationFail() {
    assertThat(runWords("verify --all --level sample:2.5%")).isZero();
    assertThat(((VerifyRequest) tidemark.requests.get(0)).level())
        .isEqualTo(new VerifyRequest.Sample(2.5));

    tidemark.end = Status.FAILED;
    assertThat(runWords("verify b0")).isEqualTo(1);
    assertThat(out)
        .contains("DAMAGED a byte differs")
        .contains("data/x/y/w.1.0")
        .contains("and 2 more");
    assertThat(runWords("vault check main")).isEqualTo(1);
    assertThat(out).contains("BROKEN  creates once");
  }

  @Test
  void whatIsInTheWayOfBackupsIsToldWithWhatToDo() throws IOException {
    assertThat(runWords("cluster check files")).isZero();
    assertThat(tidemark.requests).containsExactly("files");
    assertThat(out)
        .contains("cluster files: engine directory")
        .contains("good     all nodes are healthy: 2 nodes")
        .contains("WARNING  leftovers expire: no rule does that")
        .contains("         Hint: add one")
        .contains("UNKNOWN  disks have room");

    tidemark.end = Status.FAILED;
    assertThat(runWords("cluster check files --json")).isEqualTo(1);
    assertThat(json().get("good").asBoolean(true)).isFalse();
    assertThat(json().at("/conditions/2/verdict").asText()).isEqualTo("BAD");
    assertThat(json().at("/conditions/2/hint").asText()).isEqualTo("free space");
    assertThat(runWords("cluster check file")).isEqualTo(2);
    assertThat(err).contains("'files'");
  }

  @Test
  void theStateFolderIsTheOneThatIsNamedLast() throws IOException {
    runWords("backup list");
    variables.put("XDG_STATE_HOME", "/xdg");
    runWords("backup list");
    Files.writeString(folder.resolve("other.yaml"), CONFIGURATION + "settings: { state: here }");
    variables.put("TIDEMARK_CONFIG", folder.resolve("other.yaml").toString());
    runWords("backup list");
    Files.delete(folder.resolve("tidemark.yaml"));
    runWords("backup list");
    runWords("backup list --state there");

    assertThat(opened)
        .containsExactly(
            folder.resolve("home/.local/state/tidemark"),
            Path.of("/xdg/tidemark"),
            Path.of("/xdg/tidemark"),
            folder.resolve("here"),
            folder.resolve("there"));
  }

  @Test
  void withoutATerminalThereIsALineOfProgressEveryTenSeconds() {
    runWords("backup create files --id b1");
    assertThat(err.lines())
        .hasSize(4)
        .contains(
            "2026-11-21 07:02:00  backup b1 (files)  TRANSFERRING  0/2 units  128 MiB of 256 MiB"
                + " (50 %)  1.07 MiB/s, 2m 01s left");

    assertThat(runWords("backup create files --id b2 --no-progress")).isZero();
    assertThat(err).isEmpty();
  }

  @Test
  void aTerminalIsRedrawnInPlaceAndLeftClean() {
    columns = 60;

    runWords("backup create files --id b1");

    assertThat(err)
        .contains("backup b1 (files)  TRANSFERRING")
        .contains("  n1  0/2 units  64.0 MiB of 256 MiB (25 %)")
        .contains("    data  64.0 MiB of 256 MiB (25 %)")
        .contains("\u001b[3A\r\u001b[J")
        .endsWith("\u001b[3A\r\u001b[J");
    assertThat(err.lines()).allSatisfy(line -> assertThat(line.length()).isLessThan(75));
  }

  @Test
  void everyCommandHasHelpWithTheExitCodes() {
    for (String command :
        List.of(
            "",
            "backup create",
            "backup list",
            "backup show",
            "backup contents",
            "backup diff",
            "backup cancel",
            "backup resume",
            "restore create",
            "restore show",
            "restore cancel",
            "restore resume",
            "verify",
            "catalog rebuild",
            "vault create",
            "vault check",
            "vault stats",
            "cluster check",
            "config example",
            "config check",
            "run list",
            "completion")) {
      assertThat(runWords((command + " --help").strip())).as(command).isZero();
      assertThat(out).contains("Exit codes:").contains("2   bad input: nothing was started");
    }
    assertThat(opened).isEmpty();
  }

  @Test
  void versionAndCompletionNeedNothing() throws IOException {
    Files.writeString(folder.resolve("tidemark.yaml"), "{");

    assertThat(run("--version")).isZero();
    assertThat(out).matches("tidemark [0-9]+[.][0-9]+[.][0-9]+.*\\R");
    assertThat(run("completion")).isZero();
    assertThat(out).contains("complete -F _complete_tidemark");
  }
}
