package dev.tidemark.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemark.api.TestHost.Answer;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BackupRoutesTest {
  private static final String BACKUPS = "/v1/clusters/files/backups";

  private final TestHost host = TestHost.start();

  @AfterEach
  void stop() {
    host.close();
  }

  @Test
  void aBackupIsStartedWorkedAndShownInWeaviatesWords() {
    JsonNode started =
        host.post(
                BACKUPS,
                """
                { "id": "b1", "include": ["docs"], "labels": { "k": "v" },
                  "config": { "CompressionLevel": "BestSpeed", "ChunkSize": 20,
                              "CPUPercentage": 80 } }
                """)
            .json();
    assertThat(started.get("id").asText()).isEqualTo("b1");
    assertThat(started.get("status").asText()).isEqualTo("STARTED");
    assertThat(started.get("path").asText()).isEqualTo("memory:main");
    assertThat(started.get("error").isNull()).isTrue();
    assertThat(started.at("/config/CompressionLevel").asText()).isEqualTo("ZstdBestSpeed");
    assertThat(started.at("/config/ChunkSize").asInt()).isEqualTo(24);
    assertThat(started.get("notices"))
        .extracting(JsonNode::asText)
        .anyMatch(notice -> notice.contains("20 MiB is used as 24 MiB"))
        .anyMatch(notice -> notice.contains("CPUPercentage"));

    host.work();

    JsonNode shown = host.get(BACKUPS + "/b1").json();
    assertThat(shown.get("status").asText()).isEqualTo("SUCCESS");
    assertThat(shown.get("startedAt").asText()).matches("2026-11-21T07:\\d\\d:\\d\\d(\\.\\d+)?Z");
    assertThat(shown.get("completedAt").asText()).startsWith("2026-11-21T07:");
    assertThat(shown.get("size").asDouble()).isEqualTo(shown.get("bytes").asLong() / 0x1p30);
    assertThat(shown.at("/labels/k").asText()).isEqualTo("v");
    assertThat(shown.at("/details/collections")).hasSize(1);
    assertThat(shown.at("/details/chunkBytes").asLong()).isEqualTo(24L << 20);
    JsonNode run = host.get("/v1/runs/" + started.get("run").asText()).json();
    assertThat(run.get("kind").asText()).isEqualTo("BACKUP");
    assertThat(run.get("unitsDone").asInt()).isEqualTo(run.get("units").asInt()).isPositive();
  }

  @Test
  void theSameRequestIsAnsweredAgainAndAnotherUnderItsIdRefusedWithTheHolder() {
    String body = "{ \"id\": \"b1\", \"config\": { \"chunkSize\": 8 } }";
    JsonNode first = host.post(BACKUPS, body).json();
    JsonNode again = host.post(BACKUPS, body).json();
    assertThat(again).isEqualTo(first);

    Answer other = host.post(BACKUPS, "{ \"id\": \"b1\", \"include\": [\"docs\"] }");
    assertThat(other.status()).isEqualTo(409);
    assertThat(other.header("Content-Type")).startsWith("application/problem+json");
    assertThat(other.json().get("type").asText()).isEqualTo("urn:tidemark:problem:conflict");
    assertThat(other.json().get("run")).isEqualTo(first.get("run"));

    Answer busy = host.post(BACKUPS, "{ \"id\": \"b2\" }");
    assertThat(busy.status()).isEqualTo(409);
    assertThat(busy.json().get("run")).isEqualTo(first.get("run"));
    assertThat(busy.json().get("hint").asText()).isNotEmpty();

    host.work();
    JsonNode after = host.post(BACKUPS, body).json();
    assertThat(after.get("run")).isEqualTo(first.get("run"));
    assertThat(after.get("status").asText()).isEqualTo("SUCCESS");
  }

  @Test
  void allSevenNamesOfCompressionAreTaken() {
    for (String level :
        List.of(
            "DefaultCompression",
            "BestSpeed",
            "BestCompression",
            "ZstdDefaultCompression",
            "ZstdBestSpeed",
            "ZstdBestCompression",
            "NoCompression")) {
      Answer answer =
          host.post(BACKUPS, "{ \"config\": { \"CompressionLevel\": \"%s\" } }".formatted(level));
      assertThat(answer.status()).as(answer.text()).isEqualTo(200);
      assertThat(answer.json().at("/config/CompressionLevel").asText())
          .isEqualTo(level.startsWith("Zstd") || level.startsWith("No") ? level : "Zstd" + level);
      host.work();
    }
  }

  @Test
  void listsAreOrderedFilteredAndPagedWithoutHidingOrRepeatingAny() {
    for (int i = 0; i < 5; i++) {
      String body = "{ \"id\": \"b%d\", \"labels\": { \"n\": \"%d\" } }".formatted(i, i);
      assertThat(host.post(BACKUPS, body).status()).isEqualTo(200);
      host.work();
      host.pass(Duration.ofMinutes(1));
    }
    assertThat(host.post("/v1/clusters/other/backups", "{ \"id\": \"o\" }").status())
        .isEqualTo(200);

    assertThat(paged("?limit=2")).containsExactly("b4", "b3", "b2", "b1", "b0");
    assertThat(paged("?limit=2&order=asc")).containsExactly("b0", "b1", "b2", "b3", "b4");
    assertThat(ids("/v1/backups")).containsExactly("o", "b4", "b3", "b2", "b1", "b0");
    assertThat(ids("/v1/backups?order=desc")).isEqualTo(ids("/v1/backups"));
    assertThat(host.get(BACKUPS + "/b1").json().get("backend").asText()).isEqualTo("memory");
    assertThat(ids("/v1/backups?status=STARTED&status=FAILED")).containsExactly("o");
    assertThat(ids("/v1/backups?vault=second")).containsExactly("o");
    assertThat(ids("/v1/backups?cluster=files&label=n%3D3")).containsExactly("b3");
    assertThat(ids("/v1/backups?since=2100-01-01T00:00:00Z")).isEmpty();
  }

  /** All pages, one after the other. */
  private List<String> paged(String query) {
    List<String> seen = new ArrayList<>();
    String after = "";
    do {
      JsonNode page = host.get(BACKUPS + query + after).json();
      page.get("backups").forEach(each -> seen.add(each.get("id").asText()));
      after = page.get("next").isNull() ? "" : "&after=" + page.get("next").asText();
    } while (!after.isEmpty());
    return seen;
  }

  private List<String> ids(String path) {
    List<String> ids = new ArrayList<>();
    host.get(path).json().get("backups").forEach(each -> ids.add(each.get("id").asText()));
    return ids;
  }

  @Test
  void contentsArePagedAndNarrowedByPath() {
    host.post(BACKUPS, "{ \"id\": \"b1\" }");
    assertThat(host.get(BACKUPS + "/b1/contents").status()).isEqualTo(409);
    host.work();
    List<String> whole = entries("");

    List<String> paged = new ArrayList<>();
    String after = "";
    do {
      JsonNode page = host.get(BACKUPS + "/b1/contents?limit=3" + after).json();
      page.get("entries").forEach(each -> paged.add(name(each)));
      after = page.get("next").isNull() ? "" : "&after=" + page.get("next").asText();
    } while (!after.isEmpty());

    assertThat(whole).hasSizeGreaterThan(10).doesNotHaveDuplicates();
    assertThat(paged).isEqualTo(whole);
    assertThat(entries("?path=films")).allMatch(name -> name.startsWith("films"));
    assertThat(entries("?path=" + encoded("docs/s1/segments/3,x")))
        .containsExactly("docs/s1 segments/3,x");
    assertThat(host.get(BACKUPS + "/b1/contents?path=nowhere").status()).isEqualTo(404);
    assertThat(host.get(BACKUPS + "/b1/contents?after=zzz").status()).isEqualTo(422);
  }

  private List<String> entries(String query) {
    List<String> names = new ArrayList<>();
    host.get(BACKUPS + "/b1/contents" + query)
        .json()
        .get("entries")
        .forEach(each -> names.add(name(each)));
    return names;
  }

  private static String name(JsonNode entry) {
    return entry.get("collection").asText()
        + "/"
        + entry.get("shard").asText()
        + " "
        + entry.get("path").asText();
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  @Test
  void aBackupInProgressIsCanceledOnceAndASealedOneNot() {
    host.post(BACKUPS, "{ \"id\": \"b1\" }");
    assertThat(host.post(BACKUPS + "/b1/cancel", null).json().get("status").asText())
        .isEqualTo("CANCELLING");
    host.work();
    assertThat(host.get(BACKUPS + "/b1").json().get("status").asText()).isEqualTo("CANCELED");
    assertThat(host.post(BACKUPS + "/b1/cancel", null).status()).isEqualTo(200);
    assertThat(host.post(BACKUPS + "/b1/resume", null).status()).isEqualTo(409);
    assertThat(host.engine("files").holdings().nothing()).isTrue();

    host.post(BACKUPS, "{ \"id\": \"b2\" }");
    host.work();
    assertThat(host.post(BACKUPS + "/b2/cancel", null).status()).isEqualTo(409);
    assertThat(host.post(BACKUPS + "/b2/resume", null).json().get("status").asText())
        .isEqualTo("SUCCESS");
  }

  @Test
  void whatIsNotThereIsNotFoundWithTheNearest() {
    Answer cluster = host.post("/v1/clusters/filez/backups", "{}");
    assertThat(cluster.status()).isEqualTo(404);
    assertThat(cluster.json().get("hint").asText()).contains("'files'");
    assertThat(host.get(BACKUPS + "/nowhere").status()).isEqualTo(404);
    assertThat(host.post(BACKUPS + "/nowhere/cancel", null).status()).isEqualTo(404);
    assertThat(host.post(BACKUPS, "{ \"vault\": \"nowhere\" }").status()).isEqualTo(404);
    assertThat(host.get("/v1/backups?vault=nowhere").status()).isEqualTo(404);
    assertThat(host.get("/v1/nothing").status()).isEqualTo(404);
    assertThat(host.get("/v1/backups").json().get("backups")).isEmpty();
  }

  @Test
  void anOutageIsToldAsOneThatMayPass() {
    host.outage = true;
    Answer answer = host.post(BACKUPS, "{ \"id\": \"b1\" }");
    assertThat(answer.status()).isEqualTo(503);
    assertThat(answer.header("Retry-After")).isEqualTo("5");
    assertThat(answer.json().get("type").asText()).isEqualTo("urn:tidemark:problem:unavailable");
    host.outage = false;
    assertThat(host.post(BACKUPS, "{ \"id\": \"b1\" }").status()).isEqualTo(200);
  }
}
