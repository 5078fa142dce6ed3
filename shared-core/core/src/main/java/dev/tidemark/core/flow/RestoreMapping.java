package dev.tidemark.core.flow;

import dev.tidemark.core.engine.Shard;
import dev.tidemark.core.engine.Target;
import dev.tidemark.core.vault.UnitRecord;
import dev.tidemark.core.vault.VaultKeys;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Which unit of a backup goes where; a function of the request alone. */
final class RestoreMapping {
  private final RestoreRequest request;

  private RestoreMapping(RestoreRequest request) {
    this.request = request;
  }

  static RestoreMapping of(RunRow run) {
    return new RestoreMapping(run.wish());
  }

  static RestoreMapping of(RestoreRequest request) {
    return new RestoreMapping(request);
  }

  /** The name that a collection gets: by the first pattern that matches, then by the suffix. */
  String collection(String name) {
    for (Map.Entry<String, String> each : request.rename().entrySet()) {
      Optional<String> renamed = Selection.rename(each.getKey(), each.getValue(), name);
      if (renamed.isPresent()) {
        return renamed.get() + request.suffix();
      }
    }
    return name + request.suffix();
  }

  /**
   * Which paths of a unit are wanted, relative to it.
   *
   * @return nothing where none are; an empty list where all are
   */
  Optional<List<String>> paths(Shard shard) {
    if (request.paths().isEmpty()) {
      return Optional.of(List.of());
    }
    String name = shard.canonicalName();
    List<String> wanted = new ArrayList<>();
    for (String path : request.paths()) {
      if (path.equals(name) || name.startsWith(path + "/")) {
        return Optional.of(List.of());
      }
      if (path.startsWith(name + "/")) {
        wanted.add(path.substring(name.length() + 1));
      }
    }
    return wanted.isEmpty() ? Optional.empty() : Optional.of(wanted);
  }

  /**
   * The key under which a shard is restored: its unit's, or where that has several, the one that
   * the shard would have alone.
   */
  static String unit(UnitRecord record, Shard shard) {
    return record.shards().size() == 1 ? record.unit() : VaultKeys.unit(shard.canonicalName());
  }

  Target.TargetUnit target(String unit, Shard shard) {
    return new Target.TargetUnit(
        unit,
        shard,
        collection(shard.collection()),
        request.nodes().getOrDefault(shard.node(), shard.node()),
        request.place(),
        paths(shard).map(List::isEmpty).orElse(true),
        request.replace());
  }

  Target.TargetUnit target(UnitRow unit) {
    return target(unit.unit(), unit.shards().get(0));
  }
}
