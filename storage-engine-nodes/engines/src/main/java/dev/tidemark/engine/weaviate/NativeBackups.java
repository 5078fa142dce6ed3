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
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The native backups of a run: usually one. A further one is begun where one came to nothing, or
 * where what it held of a collection was lost from the staging area; each has a number, and its id
 * is never used again. What became of each is written down beside it, so that any process goes on.
 *
 * <p>Nothing is believed for its status. A native backup counts when {@link Inspection} found it
 * whole, also where its coordinator died before it could say so; it is given up when it failed, or
 * when it stores nothing new for a long time.
 */
record NativeBackups(
    Weaviate server, WeaviateConfig config, Desk desk, InstantSource clock, Names names) {

  /** How many may come to nothing. */
  private static final int MOST_FAILURES = 3;

  /** How many there may be in all, however often something is lost. */
  private static final int MOST = 20;

  private static final Duration SHORTEST_POLL = Duration.ofSeconds(1);
  private static final Duration LONGEST_POLL = Duration.ofSeconds(30);

  /** How long a coordinator may take to notice that all nodes are done. */
  private static final Duration GRACE = Duration.ofSeconds(15);

  private static final String GOOD = "inventory-";
  private static final String BAD = "failed-";
  private static final String LOST = "lost-";
  private static final String WATCH = "watch-";
  private static final String STALLED = "stalled";

  /** Who has written nothing for so long, and does not say how it ended, has died. */
  private static final Duration QUIET = Duration.ofSeconds(20);

  /** One of them, as far as it is decided. */
  private record Attempt(int number, String id, boolean good, String failure) {
    boolean open() {
      return !good && failure.isEmpty();
    }
  }

  /**
   * Sees to it that there is a good native backup of each collection.
   *
   * @return READY with the newest one's id
   */
  Progress ensure(List<String> collections) {
    List<Attempt> attempts = attempts();
    for (Attempt attempt : attempts) {
      if (attempt.open()) {
        Optional<Progress> running = look(attempt);
        if (running.isPresent()) {
          return running.get();
        }
        return ensure(collections);
      }
    }
    var missing = new TreeSet<>(collections);
    String newest = "";
    for (Attempt attempt : attempts) {
      if (attempt.good()) {
        missing.removeAll(heldBy(attempt));
        newest = attempt.id();
      }
    }
    if (missing.isEmpty()) {
      return Progress.ready(newest);
    }
    requireSense(attempts, missing);
    return beginning()
        .begin(attempts.isEmpty() ? 1 : attempts.get(attempts.size() - 1).number() + 1, missing);
  }

  private Beginning beginning() {
    return new Beginning(server, config, desk, clock, names);
  }

  /** Of the attempts, ascending. */
  private List<Attempt> attempts() {
    var notes = new TreeSet<String>();
    desk.each(names.prefix() + "notes/", object -> notes.add(object.key()));
    var numbers = new TreeSet<Integer>();
    for (String folder : desk.folders(names.prefix())) {
      names.number(folder).ifPresent(numbers::add);
    }
    for (String kind : List.of(GOOD, BAD, WATCH)) {
      // Also where nothing but the note of one is left: its id is used up.
      for (int n = 1; n <= MOST; n++) {
        if (notes.contains(names.note(kind + n))) {
          numbers.add(n);
        }
      }
    }
    List<Attempt> attempts = new ArrayList<>();
    for (int n : numbers) {
      String failure =
          notes.contains(names.note(BAD + n))
              ? desk.read(names.note(BAD + n)).orElseThrow().path("why").asText("unknown")
              : "";
      boolean good = failure.isEmpty() && notes.contains(names.note(GOOD + n));
      attempts.add(new Attempt(n, names.id(n), good, failure));
    }
    return attempts;
  }

  private Collection<String> heldBy(Attempt attempt) {
    var held = new TreeSet<String>();
    ClusterDescriptor descriptor = descriptor(attempt.id()).orElse(null);
    if (descriptor != null) {
      held.addAll(descriptor.collections());
    }
    held.removeIf(name -> desk.area().head(lost(attempt.number(), name)).isPresent());
    return held;
  }

  private String lost(int number, String collection) {
    return names.note(LOST + number + "-" + collection);
  }

  private void requireSense(List<Attempt> attempts, Collection<String> missing) {
    List<Attempt> failed = attempts.stream().filter(each -> !each.failure().isEmpty()).toList();
    if (failed.size() >= MOST_FAILURES || attempts.size() >= MOST) {
      throw PermanentFailure.of(Kind.FAILED, "cluster " + config.name())
          .expected("a native backup of " + String.join(", ", missing))
          .found(
              "%d that came to nothing, the last one: %s"
                  .formatted(
                      failed.size(),
                      failed.isEmpty()
                          ? "lost from the staging area"
                          : failed.get(failed.size() - 1).failure()))
          .hint("mend the cause, and run the backup again");
    }
  }

  /** What becomes of one that is not decided; nothing where it is now. */
  private Optional<Progress> look(Attempt attempt) {
    Optional<ClusterDescriptor> found = descriptor(attempt.id());
    if (found.isEmpty()) {
      // The server probes the place before it begins; and a request may hang in it.
      return Optional.of(
          beginning().await("native backup " + attempt.id() + " has not begun on the server"));
    }
    ClusterDescriptor descriptor = found.get();
    if (descriptor.ended()) {
      requireOurEnd(descriptor);
      fail(attempt, descriptor.status() + ": " + descriptor.error());
      return Optional.empty();
    }
    Optional<Instant> done = descriptor.succeeded() ? Optional.empty() : allNodesDone(descriptor);
    if (done.isPresent() && clock.instant().isBefore(done.get().plus(GRACE))) {
      return Optional.of(Progress.later(SHORTEST_POLL));
    }
    if (descriptor.succeeded() || done.isPresent()) {
      try {
        Inventory whole = new Inspection(desk, server).inspect(descriptor);
        desk.write(names.note(GOOD + attempt.number()), whole.json());
      } catch (PermanentFailure e) {
        fail(attempt, String.valueOf(e.getMessage()));
      }
      return Optional.empty();
    }
    return watch(attempt, descriptor);
  }

  private void requireOurEnd(ClusterDescriptor descriptor) {
    if (descriptor.status().startsWith("CANCEL")
        && desk.area().head(names.note(STALLED)).isEmpty()) {
      throw PermanentFailure.of(Kind.FAILED, "native backup " + descriptor.id())
          .expected("it to go on")
          .found("somebody cancelled it on the server")
          .hint("run the backup again");
    }
  }

  /**
   * When the last node was done; nothing while one is not. Then all chunks are stored, whether or
   * not the coordinator, who asks every ten seconds, comes to say so.
   */
  private Optional<Instant> allNodesDone(ClusterDescriptor descriptor) {
    Instant last = Instant.EPOCH;
    for (String node : descriptor.nodes().keySet()) {
      Optional<StagedObject> found = desk.area().head(Names.node(descriptor.id(), node));
      if (found.isEmpty()) {
        return Optional.empty();
      }
      Instant written = found.get().written();
      last = written.isAfter(last) ? written : last;
    }
    boolean all =
        descriptor.nodes().keySet().stream().allMatch(node -> succeeded(descriptor.id(), node));
    return all && !descriptor.nodes().isEmpty() ? Optional.of(last) : Optional.empty();
  }

  private boolean succeeded(String id, String node) {
    try {
      return NodeDescriptor.read(
              desk.area(), Names.node(id, node), node, NodeDescriptor.Wanted.NO_FILES)
          .succeeded();
    } catch (PermanentFailure e) {
      // It is being written.
      return false;
    }
  }

  private Optional<Progress> watch(Attempt attempt, ClusterDescriptor descriptor) {
    Instant now = clock.instant();
    String key = names.note(WATCH + attempt.number());
    JsonNode before = desk.read(key).orElse(JsonNodeFactory.instance.missingNode());
    long seen = before.path("at").asLong(0);
    if (now.toEpochMilli() - seen < config.stall().dividedBy(4).toMillis()) {
      return Optional.of(Progress.later(delay(descriptor, now)));
    }
    long[] state = new long[2];
    desk.each(
        attempt.id() + "/",
        (StagedObject object) -> {
          state[0]++;
          state[1] += object.size();
        });
    boolean moved =
        state[0] != before.path("objects").asLong(-1)
            || state[1] != before.path("bytes").asLong(-1);
    long since = moved ? now.toEpochMilli() : before.path("since").asLong();
    if (now.toEpochMilli() - since >= config.stall().toMillis()) {
      giveUp(attempt, descriptor);
      return Optional.empty();
    }
    ObjectNode note = JsonNodeFactory.instance.objectNode();
    note.put("at", now.toEpochMilli()).put("since", since);
    note.put("objects", state[0]).put("bytes", state[1]);
    desk.write(key, note);
    return Optional.of(Progress.later(delay(descriptor, now)));
  }

  private static Duration delay(ClusterDescriptor descriptor, Instant now) {
    Duration tenth = Duration.between(descriptor.started(), now).dividedBy(10);
    if (tenth.compareTo(LONGEST_POLL) > 0) {
      return LONGEST_POLL;
    }
    return tenth.compareTo(SHORTEST_POLL) < 0 ? SHORTEST_POLL : tenth;
  }

  private void giveUp(Attempt attempt, ClusterDescriptor descriptor) {
    List<String> silent =
        descriptor.nodes().keySet().stream()
            .filter(node -> desk.area().head(Names.node(descriptor.id(), node)).isEmpty())
            .toList();
    desk.write(names.note(STALLED), why(attempt.id()));
    try {
      server.cancel(attempt.id(), beginning().place());
    } catch (TransientFailure e) {
      // Who hangs cannot be told; the next one is refused until it can.
    }
    fail(
        attempt,
        "nothing new was stored for %s; no descriptor of %s"
            .formatted(Durations.format(config.stall()), String.join(", ", silent)));
  }

  private void fail(Attempt attempt, String why) {
    desk.write(names.note(BAD + attempt.number()), why(why));
  }

  private static ObjectNode why(String text) {
    return JsonNodeFactory.instance.objectNode().put("why", text);
  }

  private Optional<ClusterDescriptor> descriptor(String id) {
    return desk.read(Names.cluster(id)).map(ClusterDescriptor::of);
  }

  /** Collections to the id of the newest good one that has them, also where they have no files. */
  Map<String, String> newest() {
    Map<String, String> newest = new TreeMap<>();
    for (Attempt attempt : attempts()) {
      if (attempt.good()) {
        heldBy(attempt).forEach(collection -> newest.put(collection, attempt.id()));
      }
    }
    return newest;
  }

  /** Those that are good, ascending, each without what of it was lost. */
  List<Inventory> good() {
    List<Inventory> good = new ArrayList<>();
    for (Attempt attempt : attempts()) {
      if (attempt.good()) {
        inventory(attempt.id()).ifPresent(good::add);
      }
    }
    return good;
  }

  /** What a good one holds and has not lost. */
  Optional<Inventory> inventory(String id) {
    int number = names.number(id).orElse(0);
    return desk.read(names.note(GOOD + number)).map(Inventory::of).map(this::withoutLost);
  }

  private Inventory withoutLost(Inventory whole) {
    int number = names.number(whole.id()).orElse(0);
    var lost = new TreeSet<String>();
    String prefix = names.prefix() + "notes/" + LOST + number + "-";
    desk.each(
        prefix,
        note ->
            lost.add(
                note.key().substring(prefix.length(), note.key().length() - ".json".length())));
    return lost.isEmpty()
        ? whole
        : new Inventory(
            whole.id(),
            whole.compression(),
            whole.copies().stream().filter(copy -> !lost.contains(copy.collection())).toList());
  }

  /** Notes that of a collection something is not in the staging area any more. */
  void lose(String id, String collection) {
    desk.write(lost(names.number(id).orElse(0), collection), why("chunks are gone"));
  }

  /**
   * Ends whatever the server may still do.
   *
   * @throws TransientFailure while it may
   */
  void end() {
    Instant now = clock.instant();
    for (Attempt attempt : attempts()) {
      ClusterDescriptor descriptor = descriptor(attempt.id()).orElse(null);
      if (descriptor == null || descriptor.succeeded() || descriptor.ended()) {
        continue;
      }
      Instant[] newest = {Instant.EPOCH};
      desk.each(
          attempt.id() + "/",
          object -> newest[0] = object.written().isAfter(newest[0]) ? object.written() : newest[0]);
      if (newest[0].isAfter(now.minus(QUIET))) {
        server.cancel(attempt.id(), beginning().place());
        throw new TransientFailure(
            "native backup %s is being cancelled: its last object is of %s"
                .formatted(attempt.id(), newest[0]));
      }
    }
  }
}
