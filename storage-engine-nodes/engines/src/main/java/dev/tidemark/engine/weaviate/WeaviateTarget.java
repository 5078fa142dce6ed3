package dev.tidemark.engine.weaviate;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemark.core.engine.PlaceGone;
import dev.tidemark.core.engine.RunToken;
import dev.tidemark.core.engine.Shard;
import dev.tidemark.core.engine.Source.Progress;
import dev.tidemark.core.engine.Target;
import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.failure.PermanentFailure.Kind;
import dev.tidemark.core.staging.StagingArea;
import dev.tidemark.core.staging.StagingSweep;
import dev.tidemark.engine.weaviate.Inventory.Copy;
import dev.tidemark.engine.weaviate.RestorePlan.UnitPlan;
import dev.tidemark.engine.weaviate.WeaviateConfig.Access;
import dev.tidemark.engine.weaviate.WeaviateConfig.Replicas;
import dev.tidemark.engine.weaviate.WeaviateConfig.TakenAliases;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;

/**
 * Writes a native backup into the staging area, with the shards on the nodes of the target, and has
 * the server restore it. All collections come to be seen by {@link #finish}; a collection that is
 * replaced is dropped there, when all else is done that can fail before.
 */
record WeaviateTarget(Weaviate server, WeaviateConfig config, StagingArea area, InstantSource clock)
    implements Target {
  private static final Duration AT_ONCE = Duration.ofMillis(1);

  /** How long one call describes what was written. */
  private static final Duration DESCRIBING = Duration.ofSeconds(20);

  /** Later than any clock. */
  private static final Instant EVER = Instant.ofEpochSecond(1L << 40);

  private Desk desk() {
    return new Desk(area);
  }

  private RestorePlan plan(RunToken token) {
    return new RestorePlan(desk(), new Names(token));
  }

  private SortedSet<String> nodes() {
    SortedSet<String> nodes = new TreeSet<>();
    server.nodes().path("nodes").forEach(node -> nodes.add(node.path("name").asText()));
    return nodes;
  }

  @Override
  public List<Room> rooms(List<TargetUnit> units) {
    Standing standing = Standing.of(server);
    List<Room> rooms = new ArrayList<>();
    for (TargetUnit unit : units) {
      rooms.add(
          new Room(
              standing.words(unit.collection()),
              unit.shard() + " of collection " + unit.collection(),
              OptionalLong.empty(),
              area.description(),
              ""));
    }
    return rooms;
  }

  @Override
  public void check(String schema, List<TargetUnit> units) {
    if (units.isEmpty()) {
      return;
    }
    units.forEach(WeaviateTarget::requirePossible);
    new Preflight(server, config, area).checkTarget();
    var definitions = new RestoreDefinitions(schema, units, nodes());
    definitions.check();
    requireVersion(definitions.serverVersion());
    requireAliases(definitions);
    requireAccess(definitions);
  }

  private static void requirePossible(TargetUnit unit) {
    if (!unit.place().isEmpty()) {
      throw PermanentFailure.of(Kind.INVALID, "a restore into " + unit.place())
          .expected("a restore into a cluster")
          .found("a folder")
          .hint("leave --to out; --into names another cluster");
    }
    if (!unit.whole()) {
      throw PermanentFailure.of(Kind.INVALID, "some files of " + unit.source().canonicalName())
          .expected("whole shards: a database cannot be opened with some of its files")
          .found("single paths")
          .hint("use --include " + unit.source().canonicalName());
    }
  }

  private void requireVersion(Version backup) {
    Version here = server.version();
    if (!here.joinsSplitFiles()) {
      throw PermanentFailure.of(Kind.INVALID, "cluster " + config.name())
          .expected("Weaviate 1.35.15, 1.36.5 or later, which puts split files together")
          .found(here.toString())
          .hint("upgrade it; newer servers restore backups of older ones");
    }
    if (here.isBefore(backup)) {
      throw PermanentFailure.of(Kind.INVALID, "cluster " + config.name())
          .expected("Weaviate of the backup's release line or a later one: " + backup)
          .found(here.toString())
          .hint("upgrade it: no server promises to read the files of a later one");
    }
  }

  private void requireAccess(RestoreDefinitions definitions) {
    if (config.restoring().users() == Access.INCLUDED && !definitions.holds("users")) {
      throw lacking("users", "restoredUsers");
    }
    if (config.restoring().roles() == Access.INCLUDED && !definitions.holds("roles")) {
      throw lacking("roles", "restoredRoles");
    }
  }

  private PermanentFailure lacking(String what, String key) {
    return PermanentFailure.of(Kind.INVALID, "cluster " + config.name())
        .expected("a backup that holds " + what)
        .found("one without: they were left out, or its servers had none")
        .hint("set %s: left-out for this restore".formatted(key));
  }

  private void requireAliases(RestoreDefinitions definitions) {
    if (config.restoring().takenAliases() != TakenAliases.REFUSED) {
      return;
    }
    Standing standing = Standing.of(server);
    definitions
        .aliases()
        .forEach(
            (alias, collection) -> {
              // One that is left of a collection that was dropped is as it will be.
              String found = standing.words(alias);
              if (!found.isEmpty() && !collection.equals(standing.aliases().get(alias))) {
                throw PermanentFailure.of(Kind.CONFLICT, "alias " + alias)
                    .expected("a free name")
                    .found(found)
                    .hint("set takenAliases: kept, or overwritten, or delete the alias");
              }
            });
  }

  @Override
  public void prepare(RunToken token, String schema, List<TargetUnit> units) {
    RestorePlan plan = plan(token);
    if (units.isEmpty() || plan.isWritten()) {
      return;
    }
    Standing standing = Standing.of(server);
    for (TargetUnit unit : units) {
      requirePossible(unit);
      String found = standing.words(unit.collection());
      if (!found.isEmpty() && !unit.replace()) {
        throw NativeRestore.taken(unit.collection(), found);
      }
    }
    plan.write(new RestoreDefinitions(schema, units, nodes()), units);
  }

  private Optional<UnitProgress> progress(RunToken token, TargetUnit unit) {
    RestorePlan plan = plan(token);
    return plan.unit(unit.unit())
        .map((UnitPlan of) -> new UnitProgress(desk(), new Names(token), unit.unit(), of));
  }

  @Override
  public UnitWriter begin(RunToken token, TargetUnit unit) {
    requirePossible(unit);
    return new ChunkWriter(
        progress(token, unit)
            .orElseThrow(
                () ->
                    PermanentFailure.of(Kind.NOT_FOUND, "restore " + token.name())
                        .expected(
                            "its plan with unit %s in %s"
                                .formatted(unit.unit(), area.description()))
                        .found("none: the staging area was emptied")
                        .hint(
                            "start the restore again; keep what begins with tidemark- for 2 days")));
  }

  @Override
  public boolean holds(RunToken token, TargetUnit unit, String place) {
    return progress(token, unit).filter(found -> found.holds(place)).isPresent();
  }

  @Override
  public void commit(RunToken token, TargetUnit unit, String place) {
    Optional<UnitProgress> progress = progress(token, unit);
    if (progress.isEmpty() && isShown(unit)) {
      return;
    }
    if (progress.isEmpty() || !progress.get().holds(place)) {
      throw new PlaceGone(
          "unit %s was not begun at %s in %s".formatted(unit.unit(), place, area.description()));
    }
    progress.get().commit(place);
  }

  /** Of a run that has finished nothing is left but what it has restored. */
  private boolean isShown(TargetUnit unit) {
    Optional<JsonNode> found = Standing.of(server).collection(unit.collection());
    String shard = Inventory.nameOf(unit.source());
    return found.isPresent()
        && (Copy.isNone(shard)
            || Standing.shards(server, found.get(), unit.collection()).contains(shard));
  }

  @Override
  public boolean showsAtOnce() {
    return true;
  }

  /**
   * Where each copy has a name, that of the unit's node; else of another, for of inactive tenants
   * servers tell one node at most.
   */
  @Override
  public String shown(TargetUnit unit) {
    String shard = Inventory.nameOf(unit.source());
    if (config.replicas() == Replicas.ONE) {
      return shard;
    }
    return new WeaviateCatalog(server, config, area)
        .shards(null, Integer.MAX_VALUE).stream()
            .filter(
                each ->
                    each.collection().equals(unit.collection())
                        && Inventory.nameOf(each).equals(shard))
            .min(Comparator.comparing((Shard each) -> !each.node().equals(unit.node())))
            .map(Shard::shard)
            .orElse(shard);
  }

  @Override
  public void abort(RunToken token, TargetUnit unit) {
    progress(token, unit).filter(found -> !found.isCommitted()).ifPresent(UnitProgress::remove);
  }

  @Override
  public Progress finish(RunToken token) {
    Names names = new Names(token);
    RestorePlan plan = plan(token);
    Optional<JsonNode> definitions = plan.definitions();
    if (definitions.isEmpty()) {
      sweep(names);
      return Progress.ready("");
    }
    Instant now = clock.instant();
    BooleanSupplier over = () -> clock.instant().isAfter(now.plus(DESCRIBING));
    if (!new RestoredBackup(desk(), names, plan, now).describe(definitions.get(), over)) {
      return Progress.later(AT_ONCE);
    }
    Progress progress = nativeRestore(names).ensure(definitions.get());
    if (progress.ready()) {
      plan.forget();
      sweep(names);
    }
    return progress;
  }

  private NativeRestore nativeRestore(Names names) {
    return new NativeRestore(server, config, desk(), clock, names);
  }

  @Override
  public void discard(RunToken token) {
    Names names = new Names(token);
    RestorePlan plan = plan(token);
    nativeRestore(names).undo(plan.definitions());
    plan.forget();
    sweep(names);
  }

  private void sweep(Names names) {
    int unused = new StagingSweep(area).remove(names.restored() + "/", EVER);
    unused = new StagingSweep(area).remove(names.restoring(""), EVER);
  }
}
