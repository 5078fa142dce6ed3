package dev.tidemark.core.flow;

import static dev.tidemark.core.failure.PermanentFailure.Kind.INVALID;

import dev.tidemark.core.engine.Shard;
import dev.tidemark.core.engine.Target;
import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.vault.Manifest;
import dev.tidemark.core.vault.ShardTotals;
import dev.tidemark.core.vault.UnitRecord;
import dev.tidemark.core.vault.UnitShards;
import dev.tidemark.core.vault.Vault;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A preview in the making: what is restored to where, shard by shard, and what is in the way. */
final class RestoreDraft {
  private final RestoreRequest request;
  private final Vault vault;
  private final Manifest manifest;
  private final Target target;
  private final PathCheck paths;
  private final List<Target.TargetUnit> units = new ArrayList<>();
  private final List<ShardTotals.Totals> totals = new ArrayList<>();
  private final Set<String> taken = new HashSet<>();

  RestoreDraft(RestoreRequest request, Vault vault, Manifest manifest, Target target) {
    this.request = request;
    this.vault = vault;
    this.manifest = manifest;
    this.target = target;
    this.paths = new PathCheck(request.paths());
  }

  /** Adds those shards of a unit that are wanted. */
  void add(UnitRecord record, Selection selection, RestoreMapping mapping) {
    String clusterId = manifest.header().clusterId();
    List<Shard> wanted =
        UnitShards.of(record).all().stream()
            .filter(shard -> selection.takes(shard) && mapping.paths(shard).isPresent())
            .toList();
    if (wanted.isEmpty()) {
      return;
    }
    ShardTotals held = ShardTotals.of(vault.store(), clusterId, record);
    for (Shard shard : wanted) {
      paths.look(vault, clusterId, record, shard, mapping);
      Target.TargetUnit to = mapping.target(RestoreMapping.unit(record, shard), shard);
      requireOwnName(to);
      units.add(to);
      totals.add(held.of(shard));
    }
  }

  private void requireOwnName(Target.TargetUnit to) {
    if (!taken.add(to.collection() + "/" + to.shard())) {
      throw PermanentFailure.of(INVALID, "the renames")
          .expected("a name of its own for every collection")
          .found("two of them would become " + to.collection())
          .hint("use * on both sides of a pattern");
    }
  }

  /**
   * The preview of all that was added.
   *
   * @param schema of the backup
   * @throws PermanentFailure where a path was not found, or the target cannot take what is wanted
   */
  RestorePreview finish(String schema) {
    paths.requireAllFound();
    target.check(schema, units);
    List<Target.Room> rooms = target.rooms(units);
    List<RestorePreview.Line> lines = new ArrayList<>();
    for (int i = 0; i < units.size(); i++) {
      lines.add(line(units.get(i), totals.get(i), rooms.get(i)));
    }
    Collection<Load> loads = loads(rooms);
    return new RestorePreview(
        request.backupId(),
        manifest.header().clusterId(),
        request.cluster(),
        lines,
        lines.stream().mapToLong(RestorePreview.Line::bytes).sum(),
        loads.stream().map(Load::volume).toList(),
        conflicts(rooms, loads));
  }

  private static RestorePreview.Line line(
      Target.TargetUnit to, ShardTotals.Totals held, Target.Room room) {
    return new RestorePreview.Line(
        to.unit(),
        to.source().canonicalName(),
        to.collection(),
        to.shard(),
        room.location(),
        room.existing(),
        held.files(),
        held.bytes());
  }

  /** What would be written to a volume, and the first of the rooms on it. */
  private record Load(Target.Room room, long bytes) {
    Load plus(Load more) {
      return new Load(room, bytes + more.bytes);
    }

    RestorePreview.Volume volume() {
      return new RestorePreview.Volume(room.volume(), bytes, room.freeBytes().orElse(-1));
    }

    Optional<String> tooMuch() {
      return room.freeBytes().isPresent() && room.freeBytes().getAsLong() < bytes
          ? Optional.of(
              "%s, where %s goes, needs %d bytes and has %d free%s"
                  .formatted(
                      room.volume(),
                      room.location(),
                      bytes,
                      room.freeBytes().getAsLong(),
                      room.limit().isEmpty() ? "" : " (" + room.limit() + ")"))
          : Optional.empty();
    }
  }

  private Collection<Load> loads(List<Target.Room> rooms) {
    Map<String, Load> loads = new LinkedHashMap<>();
    for (int i = 0; i < rooms.size(); i++) {
      Target.Room room = rooms.get(i);
      loads.merge(room.volume(), new Load(room, totals.get(i).bytes()), Load::plus);
    }
    return loads.values();
  }

  private List<String> conflicts(List<Target.Room> rooms, Collection<Load> loads) {
    List<String> conflicts = new ArrayList<>();
    if (!request.replace()) {
      rooms.stream()
          .filter(room -> !room.existing().isEmpty())
          .forEach(room -> conflicts.add(room.location() + " exists (" + room.existing() + ")"));
    }
    loads.forEach(load -> load.tooMuch().ifPresent(conflicts::add));
    return conflicts;
  }
}
