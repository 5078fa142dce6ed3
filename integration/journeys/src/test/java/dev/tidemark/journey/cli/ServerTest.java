package dev.tidemark.journey.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** A person who asks a server over HTTPS, with a token and nothing else, as if working there. */
@Execution(ExecutionMode.CONCURRENT)
class ServerTest {
  private static final Pattern API = Pattern.compile("API on (https?://127\\.0\\.0\\.1:\\d+)/v1");

  private final Path folder;

  ServerTest(@TempDir Path folder) {
    this.folder = folder;
  }

  @Test
  void backupsRestoresAndVerificationsAreDrivenOverHttpsWithTheExitCodesOfTheMachineItself()
      throws IOException {
    Workbench bench = bench();
    try (Running server = serving(bench)) {
      Person admin = person(bench, server, "admin");
      admin.asks("backup", "create", "files", "--id", "b1").done();
      assertThat(admin.asks("backup", "show", "b1", "--json").done().json().get("status").asText())
          .isEqualTo("SUCCESS");
      assertThat(admin.asks("backup", "list").done().out()).contains("b1");
      assertThat(admin.asks("backup", "contents", "b1").done().out()).contains("plain/");
      assertThat(admin.asks("run", "list").done().out()).contains("BACKUP");
      admin.asks("backup", "create", "files", "--id", "b1", "--include", "x").ends(2);

      assertThat(admin.asks("restore", "create", "b1", "--plan").ends(2).out()).contains("exists");
      admin.asks("restore", "create", "b1").refused("free places", "--replace");
      Files.writeString(bench.data().resolve("since"), "then");
      admin.asks("restore", "create", "b1", "--replace").done();
      assertThat(bench.data().resolve("since")).doesNotExist();

      assertThat(admin.asks("verify", "b1", "--level", "full").done().out()).contains("intact");
      Path lost = aBlob(bench.vault());
      Files.delete(lost);
      admin.asks("verify", "--all").failed("DAMAGED", lost.getFileName().toString());
      JsonNode verified = admin.asks("run", "list", "--json").done().json().at("/runs/0");
      assertThat(verified.get("kind").asText()).isEqualTo("VERIFY");
      assertThat(admin.asks("run", "show", verified.get("run").asText()).done().out())
          .contains("FAILED", lost.getFileName().toString());

      admin.asks("vault", "check", "main").done();
      assertThat(admin.asks("vault", "create", "main").done().out()).contains("is there already");
      assertThat(server.terminate().ends(0).err()).contains("stopped");
    }
    assertThat(bench.log()).contains("api.request").doesNotContain("tidemark_");
  }

  @Test
  void whoIsNotKnownOrMayNotOrAsksWhatOnlyTheMachineCanDoIsToldSoAndStartsNothing()
      throws IOException {
    Workbench bench = bench();
    try (Running server = serving(bench)) {
      Person reader = person(bench, server, "reader");
      reader.asks("backup", "list").done();
      reader.asks("backup", "create", "files", "--id", "b").refused("role operator", "reader");
      reader.asks("vault", "create", "main").refused("role", "reader");
      reader.asks("vault", "check", "--path", "vault").refused("server's configuration");
      reader.asks("vault", "stats", "main").refused("leave --server out");
      reader.asks("serve").refused("leave --server out");
      reader.asks("backup", "create", "filez").refused("role operator");

      String url = url(server);
      String authority = folder.resolve("authority.crt").toString();
      bench.run("backup", "list", "--server", url).refused("--server-ca");
      bench
          .run("backup", "list", "--server", url, "--server-ca", authority)
          .refused("Authorization", "--token env:NAME");
      bench
          .run("backup", "list", "--server", url, "--server-ca", authority, "--token", "x")
          .ends(2);
      bench.run("backup", "list", "--server", url, "--server-ca", "tidemark.yaml").ends(2);
      bench.run("backup", "list", "--server", "nowhere").refused("a URL");
      assertThat(bench.run("run", "list", "--json").done().json().get("runs")).isEmpty();
    }
  }

  @Test
  void withoutTokensNobodyBeyondThisMachineIsListenedTo() throws IOException {
    Workbench bench = Workbench.with(folder);
    bench
        .run("serve", "--listen", "0.0.0.0:0")
        .refused("tokens in the configuration", "token create");
    bench.run("serve", "--listen", "elsewhere").refused("HOST:PORT");
    bench.run("serve", "--tls-key", "x").refused("both or neither");
    bench
        .run(
            "serve",
            "--listen",
            "127.0.0.1:0",
            "--tls-certificate",
            "no.crt",
            "--tls-key",
            "no.key")
        .refused("no.crt");
    try (Running server = started(bench, "--listen", "127.0.0.1:0")) {
      bench.run("backup", "create", "files", "--id", "b", "--server", url(server)).done();
    }
  }

  private Workbench bench() throws IOException {
    Workbench bench = Workbench.with(folder, "slice: 1s", "chunkSize: 8");
    SampleTree.in(bench.data(), 1).plain(20, 3_000).aged();
    List<String> tokens = new ArrayList<>();
    for (String role : List.of("admin", "reader")) {
      JsonNode made =
          bench.run("token", "create", "--role", role, "--name", role, "--json").done().json();
      Files.writeString(folder.resolve(role + ".token"), made.get("token").asText() + "\n");
      tokens.add("%s: { role: %s, hash: \"%s\" }".formatted(role, role, made.get("hash").asText()));
    }
    Path file = folder.resolve("tidemark.yaml");
    Files.writeString(
        file,
        Files.readString(file) + "api: { tokens: { %s } }%n".formatted(String.join(", ", tokens)));
    return bench;
  }

  private Running serving(Workbench bench) {
    Identities identities = Identities.in(folder).with("server");
    return started(
        bench,
        "--listen",
        "127.0.0.1:0",
        "--tls-certificate",
        identities.certificate("server").toString(),
        "--tls-key",
        identities.key("server").toString());
  }

  private static Running started(Workbench bench, String... options) {
    Running server = bench.start(with("serve", options));
    assertThat(server.until(() -> server.printed().contains("serving;")))
        .as(server.printed())
        .isTrue();
    return server;
  }

  private static String url(Running server) {
    Matcher matcher = API.matcher(server.printed());
    assertThat(matcher.find()).as(server.printed()).isTrue();
    return matcher.group(1);
  }

  private Person person(Workbench bench, Running server, String role) {
    return new Person(bench, url(server), role, folder.resolve("authority.crt"));
  }

  /** Works anywhere. */
  private record Person(Workbench bench, String url, String role, Path authority) {
    Answer asks(String... arguments) {
      List<String> all = new ArrayList<>(List.of(arguments));
      all.addAll(List.of("--server", url, "--server-ca", authority.toString()));
      all.addAll(List.of("--token", "file:" + role + ".token"));
      return bench.run(all.toArray(String[]::new));
    }
  }

  private static String[] with(String first, String... rest) {
    return Stream.concat(Stream.of(first), Stream.of(rest)).toArray(String[]::new);
  }

  private static Path aBlob(Path vault) {
    try (Stream<Path> files = Files.walk(vault.resolve("data"))) {
      return files.filter(Files::isRegularFile).sorted().findFirst().orElseThrow();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
