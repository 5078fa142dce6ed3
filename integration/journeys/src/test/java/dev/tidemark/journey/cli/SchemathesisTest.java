package dev.tidemark.journey.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Schemathesis searches a server, by the document that it serves, for an answer that it must not
 * give: a failure of its own, or one that the document does not have.
 */
@Tag("aws")
class SchemathesisTest {
  private static final Pattern API = Pattern.compile("API on (http://127\\.0\\.0\\.1:\\d+)/v1");
  private static final int SECONDS = 25;

  /** Names that there are, so that requests get beyond 404. */
  private static final String KNOWN =
      """
      [parameters]
      "path.cluster" = "files"
      "path.id" = "b1"
      "path.vault" = "main"
      "path.policy" = "nightly"
      "path.run" = "%s"
      """;

  private final Path folder;

  SchemathesisTest(@TempDir Path folder) {
    this.folder = folder;
  }

  @Test
  void noRequestGetsAnAnswerThatTheDocumentDoesNotHave() throws Exception {
    Workbench bench = Workbench.with(folder, "slice: 1s", "chunkSize: 8");
    SampleTree.in(bench.data(), 1).plain(20, 3_000).aged();
    Path file = folder.resolve("tidemark.yaml");
    JsonNode made = bench.run("token", "create", "--role", "admin", "--json").done().json();
    Files.writeString(
        file,
        Files.readString(file)
            + "policies: { nightly: { clusters: [files], schedule: \"0 2 * * *\" } }\n"
            + "api: { tokens: { a: { role: admin, hash: \"%s\" } } }%n"
                .formatted(made.get("hash").asText()));
    String run =
        bench
            .run("backup", "create", "files", "--id", "b1", "--json")
            .done()
            .json()
            .get("run")
            .asText();
    try (Running server = bench.start("serve", "--listen", "127.0.0.1:0")) {
      assertThat(server.until(() -> server.printed().contains("serving;"))).isTrue();
      Matcher url = API.matcher(server.printed());
      assertThat(url.find()).as(server.printed()).isTrue();
      search(url.group(1), made.get("token").asText(), "");
      search(url.group(1), made.get("token").asText(), KNOWN.formatted(run));
      server.terminate().ends(0);
    }
    assertThat(bench.log()).contains("api.request").doesNotContain("api.failed");
  }

  private void search(String url, String token, String configuration) throws Exception {
    Files.writeString(folder.resolve("schemathesis.toml"), configuration);
    int seed = Integer.getInteger("schemathesis.seed", 20_261_121);
    System.out.println("schemathesis: seed " + seed);
    List<String> command = new ArrayList<>(List.of("schemathesis", "run", "--url", url));
    command.addAll(List.of("--header", "Authorization: Bearer " + token));
    command.addAll(List.of("--seed", "" + seed, "--max-time", "" + SECONDS));
    command.addAll(List.of("--phases", "coverage,fuzzing", "--continue-on-failure"));
    command.addAll(
        List.of(
            "--checks",
            "not_a_server_error,status_code_conformance,content_type_conformance,"
                + "response_schema_conformance"));
    command.add(url + "/v1/openapi.yaml");
    Path told = folder.resolve("schemathesis.log");
    Process process = started(command, told);
    try {
      assertThat(process.waitFor(4L * SECONDS, TimeUnit.SECONDS)).as("an end").isTrue();
      assertThat(process.exitValue()).as(Files.readString(told)).isZero();
    } finally {
      process.destroyForcibly();
    }
  }

  private Process started(List<String> command, Path told) {
    try {
      return new ProcessBuilder(command)
          .directory(folder.toFile())
          .redirectErrorStream(true)
          .redirectOutput(told.toFile())
          .start();
    } catch (IOException e) {
      throw new AssertionError("expected schemathesis on the PATH: PATH=$(.ci/servers)", e);
    }
  }
}
