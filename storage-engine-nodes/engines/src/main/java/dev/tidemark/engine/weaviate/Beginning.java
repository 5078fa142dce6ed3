package dev.tidemark.engine.weaviate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.core.config.Durations;
import dev.tidemark.core.engine.Source.Progress;
import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.failure.PermanentFailure.Kind;
import dev.tidemark.engine.http.Reply;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;

/** Has a native backup begun, and waits for what is in the way, with patience that ends. */
record Beginning(
    Weaviate server, WeaviateConfig config, Desk desk, InstantSource clock, Names names) {
  private static final Duration FIRST_LOOK = Duration.ofSeconds(1);
  private static final Duration BUSY_POLL = Duration.ofSeconds(5);
  private static final String WAITING = "waiting";

  /**
   * Asks the server to make the run's n-th native backup.
   *
   * @return LATER
   */
  Progress begin(int number, Collection<String> collections) {
    String id = names.id(number);
    Reply reply = server.create(request(id, collections));
    if (reply.ok()) {
      desk.area().delete(List.of(names.note(WAITING)));
      return Progress.later(FIRST_LOOK);
    }
    Refusal refusal = Refusal.of(id, reply);
    if (refusal instanceof Refusal.Final hard) {
      throw hard.failure();
    }
    if (refusal instanceof Refusal.Passing passing) {
      throw passing.failure();
    }
    if (refusal instanceof Refusal.Busy busy) {
      return await(busy.what());
    }
    requireOurPlace(id);
    return await("native backup " + id + " is being prepared by the server");
  }

  /** The server knows a native backup of which nothing is where we look. */
  private void requireOurPlace(String id) {
    JsonNode status = server.status(id, place());
    if (!status.isMissingNode() && desk.area().head(Names.cluster(id)).isEmpty()) {
      throw PermanentFailure.of(Kind.INVALID, "clusters." + config.name() + ".staging")
          .expected("the place in which the server keeps its backups")
          .found(
              "nothing of %s in %s; the server has it at %s"
                  .formatted(id, desk.area().description(), status.path("path").asText("unknown")))
          .hint("correct the staging area, and delete that backup");
    }
  }

  /** Waits for what is not ours, and not for ever. */
  Progress await(String what) {
    String key = names.note(WAITING);
    Instant now = clock.instant();
    long since =
        desk.read(key)
            .filter(note -> note.path("why").asText().equals(what))
            .map(note -> note.path("since").asLong())
            .orElse(0L);
    if (since == 0) {
      ObjectNode note = JsonNodeFactory.instance.objectNode().put("why", what);
      desk.write(key, note.put("since", now.toEpochMilli()));
    } else if (now.toEpochMilli() - since > config.patience().toMillis()) {
      throw PermanentFailure.of(Kind.CONFLICT, "cluster " + config.name())
          .expected("the server to take a backup within " + Durations.format(config.patience()))
          .found(what)
          .hint(
              "cancel it there, or restart the node that hangs; or wait for it with a longer"
                  + " 'patience'");
    }
    return Progress.later(BUSY_POLL, what);
  }

  private ObjectNode request(String id, Collection<String> collections) {
    ObjectNode request = JsonNodeFactory.instance.objectNode().put("id", id);
    var include = request.putArray("include");
    collections.forEach(include::add);
    ObjectNode settings = request.putObject("config");
    Version version = server.version();
    if (version.configuresBackups()) {
      if (config.cpuPercentage() > 0) {
        settings.put("CPUPercentage", config.cpuPercentage());
      }
      if (config.chunkSize() > 0) {
        settings.put("ChunkSize", config.chunkSize());
      }
      String level = config.compressionLevel();
      if (level == null && version.leavesUncompressed()) {
        level = "NoCompression";
      }
      if (level != null) {
        settings.put("CompressionLevel", level);
      }
    }
    if (version.placesBackups()) {
      new NativePlace(config).tell(settings);
    }
    return request;
  }

  /** The query that tells the server where our backups are. */
  String place() {
    return new NativePlace(config).query();
  }
}
