package dev.tidemark.engine.weaviate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tidemark.core.config.Durations;
import dev.tidemark.core.engine.Source.Progress;
import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.failure.PermanentFailure.Kind;
import dev.tidemark.core.failure.TransientFailure;
import dev.tidemark.core.staging.StagedObject;
import dev.tidemark.engine.http.Reply;
import dev.tidemark.engine.weaviate.Standing.Made;
import dev.tidemark.engine.weaviate.Weaviate.Answered;
import dev.tidemark.engine.weaviate.WeaviateConfig.Access;
import dev.tidemark.engine.weaviate.WeaviateConfig.Restoring;
import dev.tidemark.engine.weaviate.WeaviateConfig.TakenAliases;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The server's own restore of the native backup that a run has written. What it is about to make is
 * noted before it is asked, so that after a crash, or a failure half way, what it made is told from
 * what was there.
 *
 * <p>How far it is, its coordinator writes into the staging area; one that died says nothing more.
 * Where each endpoint is a node's own address the coordinator is asked to restore once more: it
 * refuses while it is at work; where it was started again it begins anew, and is stopped, for its
 * folders have to be emptied first. Elsewhere another node might take that, and both would write;
 * there a restore that is silent for {@code stall} is cancelled.
 */
record NativeRestore(
    Weaviate server, WeaviateConfig config, Desk desk, InstantSource clock, Names names) {
  private static final int MOST_ATTEMPTS = 3;
  private static final Duration POLL = Duration.ofSeconds(1);
  private static final Duration LONGEST_POLL = Duration.ofSeconds(30);
  private static final Duration BUSY_POLL = Duration.ofSeconds(2);

  /** After how long a coordinator is asked whether it is still at work. */
  private static final Duration DOUBT = Duration.ofSeconds(20);

  /** No server takes longer to write that it has begun to cancel, or to end what it applies. */
  private static final Duration DEAD = Duration.ofMinutes(2);

  private static final String CANCELLING = "CANCELLING";
  private static final String GIVEN_UP = "given-up";
  private static final String INTENT = "intent.json";
  private static final Pattern BUSY =
      Pattern.compile("(?:restore|restoration|backup) (\\S+) (?:already|cancellation) in progress");

  private NativePlace place() {
    return new NativePlace(config);
  }

  private String id() {
    return names.restored();
  }

  private Optional<JsonNode> intent() {
    return desk.read(names.restoring(INTENT));
  }

  /** What the coordinator last wrote; nothing where it wrote nothing, or not a whole thing yet. */
  private Optional<JsonNode> said() {
    try {
      return desk.read(Names.restore(id()));
    } catch (TransientFailure e) {
      return Optional.empty();
    }
  }

  /** Sees to it that the server has restored what the definitions say. */
  Progress ensure(JsonNode definitions) {
    Optional<JsonNode> intent = intent();
    if (intent.isEmpty()) {
      requireFree(definitions);
      return begin(definitions, 1, -1, false);
    }
    int attempt = intent.get().path("attempt").asInt();
    if (!intent.get().path("asked").asBoolean()) {
      boolean cleared = intent.get().path("cleared").asBoolean();
      if (cleared && isWrittenSince(intent.get())) {
        // Ours has begun, by a request whose answer was lost.
        note(definitions, attempt, -1, Stage.ASKED);
        return Progress.later(POLL);
      }
      return begin(definitions, attempt, -1, cleared);
    }
    Optional<JsonNode> said = said();
    String status = said.map(each -> each.path("status").asText()).orElse("");
    boolean givenUp = intent.get().path(GIVEN_UP).asBoolean();
    return switch (status) {
      case "SUCCESS" ->
          !givenUp && stands(definitions)
              ? Progress.ready(id())
              : failed(definitions, attempt, "not all collections are as they were");
      case "FAILED" -> failed(definitions, attempt, said.orElseThrow().path("error").asText());
      case "CANCELED", "CANCELLED" -> cancelled(definitions, intent.get());
      default ->
          givenUp || status.equals(CANCELLING)
              ? cancelling(definitions, intent.get(), status)
              : doubt(definitions, intent.get(), status);
    };
  }

  /** Whether a coordinator has written anything since we noted how far we are. */
  private boolean isWrittenSince(JsonNode intent) {
    Instant noted = Instant.ofEpochMilli(intent.path("at").asLong());
    return desk.area()
        .head(Names.restore(id()))
        .filter(found -> found.written().isAfter(noted))
        .isPresent();
  }

  private Progress cancelled(JsonNode definitions, JsonNode intent) {
    if (!intent.path(GIVEN_UP).asBoolean()) {
      throw PermanentFailure.of(Kind.FAILED, "native restore " + id())
          .expected("it to go on")
          .found("somebody cancelled it on the server")
          .hint("start the restore again");
    }
    return failed(
        definitions,
        intent.path("attempt").asInt(),
        "a node died, or hung for " + Durations.format(config.stall()));
  }

  /**
   * It is to be cancelled. The server that is asked to says that it begins to, and within the same
   * request that it is done; where it fails in between, with a node that is gone, nobody ever does.
   * Then it takes no other request to cancel, and one to restore it answers with a success that
   * means nothing; it is over when the request is.
   */
  private Progress cancelling(JsonNode definitions, JsonNode intent, String status) {
    boolean atWork = !status.isEmpty() && !status.equals(CANCELLING);
    if (clock.instant().isAfter(lastWord(intent).plus(atWork ? DEAD : config.deadline()))) {
      return cancelled(definitions, intent);
    }
    if (!status.equals(CANCELLING)) {
      Reply unused = server.cancelRestore(id(), place().query());
    }
    return Progress.later(BUSY_POLL);
  }

  /** When anything was last written of it, by the server or by us. */
  private Instant lastWord(JsonNode intent) {
    Instant noted = Instant.ofEpochMilli(intent.path("at").asLong());
    Instant written =
        desk.area().head(Names.restore(id())).map(StagedObject::written).orElse(noted);
    return written.isAfter(noted) ? written : noted;
  }

  private void requireFree(JsonNode definitions) {
    if (definitions.path("replace").asBoolean()) {
      return;
    }
    Standing standing = Standing.of(server);
    definitions
        .path("collections")
        .fieldNames()
        .forEachRemaining(
            name -> {
              String found = standing.words(name);
              if (!found.isEmpty()) {
                throw taken(name, found);
              }
            });
  }

  static PermanentFailure taken(String collection, String found) {
    return PermanentFailure.of(Kind.CONFLICT, "collection " + collection)
        .expected("a free name")
        .found(found)
        .hint("drop it, or restore into another cluster (--into), or replace it (--replace)");
  }

  private boolean stands(JsonNode definitions) {
    Standing standing = Standing.of(server);
    return definitions.path("collections").properties().stream()
        .allMatch(each -> standing.made(server, each.getKey(), each.getValue()) == Made.WHOLE);
  }

  /**
   * Notes what is to be made, makes room for it, and asks.
   *
   * @param cleared whether there was room already, so that what is there now has come of an earlier
   *     attempt
   */
  private Progress begin(JsonNode definitions, int attempt, int by, boolean cleared) {
    note(definitions, attempt, by, cleared ? Stage.CLEARED : Stage.CLEARING);
    Standing standing = Standing.of(server);
    boolean replace = definitions.path("replace").asBoolean();
    for (Map.Entry<String, JsonNode> each : definitions.path("collections").properties()) {
      Optional<JsonNode> found = standing.collection(each.getKey());
      if (found.isPresent()) {
        boolean ours = cleared && isOurs(standing, each);
        if (!replace && !ours) {
          throw taken(each.getKey(), standing.words(each.getKey()));
        }
        server.drop(found.get().path("class").asText());
      }
    }
    desk.area().delete(List.of(Names.restore(id())));
    note(definitions, attempt, by, Stage.CLEARED);
    definitions.path("collections").properties().forEach(this::emptyFolder);
    Answered answered = server.restore(id(), request(), by);
    return told(definitions, attempt, answered);
  }

  private Progress told(JsonNode definitions, int attempt, Answered answered) {
    Reply reply = answered.reply();
    if (reply.ok()) {
      note(definitions, attempt, answered.by(), Stage.ASKED);
      return Progress.later(POLL);
    }
    String words = reply.words();
    Matcher busy = BUSY.matcher(words);
    if (busy.find()) {
      if (!busy.group(1).equals(id())) {
        return Progress.later(
            BUSY_POLL,
            "native restore %s of the same cluster is in progress".formatted(busy.group(1)));
      }
      if (said().isEmpty()) {
        return Progress.later(
            BUSY_POLL,
            "an earlier try of native restore %s has not ended on every node".formatted(id()));
      }
      // Ours, of a request whose answer was lost.
      note(definitions, attempt, answered.by(), Stage.ASKED);
      return Progress.later(POLL);
    }
    if (words.toLowerCase(Locale.ROOT).contains("in progress")) {
      return Progress.later(BUSY_POLL, words);
    }
    if (reply.status() >= 500 || Refusal.isUnsettled(reply)) {
      throw new TransientFailure("native restore " + id() + ": " + words);
    }
    throw refused(words);
  }

  /**
   * Removes what a server has in the folder of a collection that is not there. A server that died
   * in a restore puts what that had downloaded into place when it starts again, if it ever restored
   * a collection of that name before; and where a folder exists, a restore leaves it as it is,
   * makes the collection over it, and says SUCCESS. Only dropping a collection empties its folder.
   */
  private void emptyFolder(Map.Entry<String, JsonNode> collection) {
    ObjectNode room = JsonNodeFactory.instance.objectNode();
    room.put("class", collection.getKey()).put("description", Standing.ROOM);
    room.put("vectorizer", "none");
    JsonNode replication = collection.getValue().path("schema").path("replicationConfig");
    if (replication.has("factor")) {
      room.putObject("replicationConfig").set("factor", replication.path("factor"));
    }
    server.createCollection(room);
    server.drop(collection.getKey());
  }

  private boolean isOurs(Standing standing, Map.Entry<String, JsonNode> collection) {
    return standing.made(server, collection.getKey(), collection.getValue()) != Made.NOTHING;
  }

  private PermanentFailure refused(String words) {
    return PermanentFailure.of(Kind.FAILED, "native restore " + id())
        .expected("the server to restore it")
        .found(words)
        .hint("look at what the server says, and start the restore again");
  }

  /** How far an attempt is: the room for it is made, it is made, the server was asked. */
  private enum Stage {
    CLEARING,
    CLEARED,
    ASKED
  }

  private void note(JsonNode definitions, int attempt, int by, Stage stage) {
    ObjectNode note = JsonNodeFactory.instance.objectNode();
    note.put("attempt", attempt).put("by", by).put("asked", stage == Stage.ASKED);
    note.put("cleared", stage != Stage.CLEARING);
    note.put("at", clock.millis());
    var all = note.putArray("collections");
    definitions.path("collections").fieldNames().forEachRemaining(all::add);
    desk.write(names.restoring(INTENT), note);
  }

  private ObjectNode request() {
    ObjectNode request = JsonNodeFactory.instance.objectNode();
    ObjectNode settings = request.putObject("config");
    place().tell(settings);
    if (config.cpuPercentage() > 0) {
      settings.put("CPUPercentage", config.cpuPercentage());
    }
    Restoring restoring = config.restoring();
    settings.put("usersOptions", option(restoring.users()));
    settings.put("rolesOptions", option(restoring.roles()));
    request.put("overwriteAlias", restoring.takenAliases() == TakenAliases.OVERWRITTEN);
    return request;
  }

  private static String option(Access access) {
    return access == Access.INCLUDED ? "all" : "noRestore";
  }

  /** Removes what came of an attempt that failed, and makes another. */
  private Progress failed(JsonNode definitions, int attempt, String why) {
    if (attempt >= MOST_ATTEMPTS) {
      throw PermanentFailure.of(Kind.FAILED, "native restore " + id())
          .expected("the server to restore it")
          .found("%d attempts that failed, the last one: %s".formatted(attempt, why))
          .hint("look at the servers' logs, and start the restore again");
    }
    return begin(definitions, attempt + 1, -1, true);
  }

  /** It says that it is at work, or nothing. */
  private Progress doubt(JsonNode definitions, JsonNode intent, String status) {
    Instant now = clock.instant();
    Instant since = lastWord(intent);
    Instant asked = Instant.ofEpochMilli(intent.path("at").asLong());
    boolean applying = status.equals("FINALIZING");
    Duration doubt = applying ? DEAD : DOUBT;
    int attempt = intent.path("attempt").asInt();
    if (now.isAfter(since.plus(doubt)) && eachIsANode()) {
      Answered answered = server.restore(id(), request(), intent.path("by").asInt(-1));
      if (!answered.reply().ok()) {
        return told(definitions, attempt, answered);
      }
      // It died, and has just begun anew, on whatever its first try has left.
      return giveUp(intent);
    }
    if (now.isAfter(since.plus(config.stall()))) {
      return giveUp(intent);
    }
    return Progress.later(delay(asked, now));
  }

  private Progress giveUp(JsonNode intent) {
    ObjectNode note = intent.deepCopy();
    desk.write(names.restoring(INTENT), note.put(GIVEN_UP, true).put("at", clock.millis()));
    Reply unused = server.cancelRestore(id(), place().query());
    return Progress.later(BUSY_POLL);
  }

  /** Whether an endpoint is always the same node. */
  private boolean eachIsANode() {
    return server.endpointCount() == server.nodes().path("nodes").size();
  }

  private static Duration delay(Instant asked, Instant now) {
    Duration tenth = Duration.between(asked, now).dividedBy(10);
    if (tenth.compareTo(LONGEST_POLL) > 0) {
      return LONGEST_POLL;
    }
    return tenth.compareTo(POLL) < 0 ? POLL : tenth;
  }

  /**
   * Ends what the server may still do, and drops what it has made.
   *
   * @throws TransientFailure while it is at work
   */
  void undo(Optional<JsonNode> definitions) {
    Optional<JsonNode> intent = intent();
    if (definitions.isEmpty()
        || !intent.map(each -> each.path("cleared").asBoolean()).orElse(false)) {
      return;
    }
    String status = said().map(each -> each.path("status").asText()).orElse("");
    switch (status) {
      case "SUCCESS", "FAILED", "CANCELED", "CANCELLED", "" -> {
        // It has ended, or never begun.
      }
      default -> stop(status);
    }
    Standing standing = Standing.of(server);
    List<String> made = new ArrayList<>();
    for (Map.Entry<String, JsonNode> each : definitions.get().path("collections").properties()) {
      if (isOurs(standing, each)) {
        made.add(each.getKey());
      }
    }
    made.forEach(server::drop);
  }

  private void stop(String status) {
    Instant written =
        desk.area().head(Names.restore(id())).map(StagedObject::written).orElse(Instant.EPOCH);
    Duration patience = status.equals(CANCELLING) ? config.deadline() : DEAD;
    if (clock.instant().isAfter(written.plus(patience)) && !status.equals("TRANSFERRING")) {
      return;
    }
    Reply unused = server.cancelRestore(id(), place().query());
    throw new TransientFailure(
        "native restore %s is %s, and is being cancelled".formatted(id(), status));
  }
}
