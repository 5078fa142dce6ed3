package dev.tidemark.journey.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** A server that works every run of a state folder. */
@Execution(ExecutionMode.CONCURRENT)
class ServeTest {
  private static final Pattern METRICS =
      Pattern.compile("metrics on (http://127\\.0\\.0\\.1:\\d+/\\S+)");

  private final Path folder;

  ServeTest(@TempDir Path folder) {
    this.folder = folder;
  }

  @Test
  void runsOfOtherCommandsAreWorkedByTheServerWhichStopsInOrder() throws IOException {
    Workbench bench = bench();
    try (Running server = serving(bench)) {
      bench.run("backup", "create", "files", "--id", "waited").done();
      bench.run("backup", "create", "files", "--id", "left", "--detach").done();
      assertThat(server.until(() -> succeeded(bench, "left"))).isTrue();
      bench.run("serve").refused("no other server", "stop it");
      assertThat(server.terminate().ends(0).err()).contains("stopped");
    }
    assertThat(bench.log()).contains("\"step.done\"");
    bench.run("verify", "left", "--level", "full").done();
    // Without the server, a command works its run itself.
    bench.run("backup", "create", "files", "--id", "alone").done();
  }

  @Test
  void aServerThatIsStoppedOrKilledInTheMiddleGoesOnWhereItWas() throws IOException {
    Workbench bench = bench();
    SampleTree.in(bench.data(), 3).plain(200, 3_000).file("big", 48 << 20).aged();
    bench.run("backup", "create", "files", "--id", "b", "--detach").done();
    for (int i = 0; i < 4; i++) {
      try (Running server = serving(bench)) {
        server.endsWithin(Duration.ofMillis(150L * i));
        Answer ignored = i % 2 == 0 ? server.terminate().ends(0) : server.kill();
        assertThat(ignored).isNotNull();
      }
    }
    try (Running server = serving(bench)) {
      assertThat(server.until(() -> succeeded(bench, "b"))).isTrue();
    }
    bench.run("verify", "b", "--level", "full").done();
  }

  @Test
  void whatPrometheusAsksForIsAnswered() throws IOException {
    Workbench bench = bench();
    try (Running server = serving(bench, "--metrics-port", "0")) {
      Matcher matcher = METRICS.matcher(server.printed());
      assertThat(matcher.find()).as(server.printed()).isTrue();
      bench.run("backup", "create", "files", "--id", "b").done();
      String text = get(matcher.group(1));
      assertThat(text)
          .contains("tidemark_runs{cluster=\"files\",kind=\"backup\",status=\"success\"} 1.0")
          .contains("tidemark_queue_items{queue=\"transfer\"}")
          .contains("tidemark_timers");
      bench.run("serve", "--metrics-port", "x").refused("metrics-port");
    }
  }

  /** A real minute passes. */
  @Test
  @Tag("slow")
  void aScheduleStartsABackupEachMinuteAndTellsHowLongAgoItSucceeded() throws IOException {
    Workbench bench = bench();
    Path file = bench.folder().resolve("tidemark.yaml");
    Files.writeString(
        file,
        Files.readString(file)
            + "policies: { often: { clusters: [files], schedule: \"* * * * *\" } }\n");
    try (Running server = serving(bench, "--metrics-port", "0")) {
      Matcher matcher = METRICS.matcher(server.printed());
      assertThat(matcher.find()).isTrue();
      String metrics = matcher.group(1);
      String overdue = "tidemark_seconds_since_last_success{cluster=\"files\",policy=\"often\"";
      assertThat(server.until(() -> get(metrics).contains(overdue))).isTrue();
      assertThat(server.until(() -> succeeded(bench, "often-"))).isTrue();
      assertThat(server.printed()).contains("of often on files: STARTED");
      assertThat(get(metrics))
          .contains(
              "tidemark_last_backup_bytes{cluster=\"files\",policy=\"often\",vault=\"main\"}");
    }
  }

  private Workbench bench() throws IOException {
    Workbench bench = Workbench.with(folder, "slice: 1s", "chunkSize: 8");
    SampleTree.in(bench.data(), 1).plain(50, 3_000).aged();
    return bench;
  }

  private static Running serving(Workbench bench, String... options) {
    String[] command = new String[options.length + 1];
    command[0] = "serve";
    System.arraycopy(options, 0, command, 1, options.length);
    Running server = bench.start(command);
    assertThat(server.until(() -> server.printed().contains("serving;")))
        .as(server.printed())
        .isTrue();
    return server;
  }

  private static boolean succeeded(Workbench bench, String id) {
    for (var backup : bench.run("backup", "list", "--json").done().json().get("backups")) {
      if (backup.get("id").asText().startsWith(id)
          && backup.get("status").asText().equals("SUCCESS")) {
        return true;
      }
    }
    return false;
  }

  private static String get(String address) {
    return HttpClient.newHttpClient()
        .sendAsync(HttpRequest.newBuilder(URI.create(address)).build(), BodyHandlers.ofString())
        .join()
        .body();
  }
}
