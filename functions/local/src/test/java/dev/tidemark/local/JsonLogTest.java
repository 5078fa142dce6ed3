package dev.tidemark.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tidemark.core.secret.Redaction;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JsonLogTest {
  private final AtomicReference<Instant> now =
      new AtomicReference<>(Instant.parse("2026-11-21T06:00:00.123456Z"));
  private final InstantSource clock = now::get;
  private final Redaction redaction = new Redaction();

  @Test
  void anEventIsALineWithTheIdsOfRunAndUnit(@TempDir Path folder) throws IOException {
    try (var log = new JsonLog(folder.resolve("log"), clock, redaction)) {
      log.info("unit.done", "files.0123456789ab", "ab12", Map.of("bytes", 5L, "node", "n\n1"));
      log.info("started", Map.of());
      log.error("failed", "files.0123456789ab", null, new IllegalStateException("why"));
    }

    List<String> lines = Files.readAllLines(folder.resolve("log/tidemark-2026-11-21.jsonl"));
    assertThat(lines).hasSize(3);
    JsonNode line = new ObjectMapper().readTree(lines.get(0));
    assertThat(line.get("time").asText()).isEqualTo("2026-11-21T06:00:00.123Z");
    assertThat(line.get("run").asText()).isEqualTo("files.0123456789ab");
    assertThat(line.get("unit").asText()).isEqualTo("ab12");
    assertThat(line.get("bytes").asLong()).isEqualTo(5);
    assertThat(line.get("node").asText()).isEqualTo("n\n1");
    assertThat(new ObjectMapper().readTree(lines.get(2)).get("trace").asText())
        .contains("IllegalStateException: why\n\tat ");
  }

  @Test
  void noSecretReachesTheLog(@TempDir Path folder) throws IOException {
    String secret = redaction.watching(reference -> "hunter2 hunter2").resolve("env:KEY");
    try (var log = new JsonLog(folder, clock, redaction)) {
      log.info("a", Map.of("text", "sent '" + secret + "' away"));
      log.error("b", null, null, new IOException("http://me:hunter2@host/x failed"));
      log.info(
          "c", Map.of("header", "Authorization: Bearer hunter2", "query", "?api_key=hunter2&a=b"));
      log.info("d", Map.of("json", "{\"password\":\"hunter2\",\"user\":\"me\"}"));
    }

    assertThat(Files.readString(folder.resolve("tidemark-2026-11-21.jsonl")))
        .doesNotContain("hunter2")
        .contains(
            "sent '***' away", "http://***@host/x", "?api_key=***&a=b", "\\\"user\\\":\\\"me\\\"");
  }

  @Test
  void eachDayHasAFileAndOldOnesGo(@TempDir Path folder) throws IOException {
    Files.createFile(folder.resolve("tidemark-2026-10-21.jsonl"));
    Files.createFile(folder.resolve("tidemark-2026-10-22.jsonl"));
    Files.createFile(folder.resolve("mine.jsonl"));
    try (var log = new JsonLog(folder, clock, redaction)) {
      log.info("a", Map.of());
      now.set(Instant.parse("2026-11-22T06:00:00Z"));
      log.info("b", Map.of());
    }

    try (var files = Files.list(folder)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder(
              "mine.jsonl", "tidemark-2026-11-21.jsonl", "tidemark-2026-11-22.jsonl");
    }
  }

  @Test
  void aLogThatCannotBeWrittenDoesNotHinderTheWork(@TempDir Path folder) throws IOException {
    Path file = Files.createFile(folder.resolve("log"));
    try (var log = new JsonLog(file, clock, redaction)) {
      log.info("a", Map.of());
      assertThat(log.failure()).isNotNull();
      log.info("b", Map.of());
    }
  }
}
