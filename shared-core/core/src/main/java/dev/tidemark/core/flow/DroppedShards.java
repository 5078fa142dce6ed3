package dev.tidemark.core.flow;

import dev.tidemark.core.engine.Shard;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * What units are made of once shards were dropped between plan and snapshot: the shards that are
 * left. Kept in a row beside the unit's, which stays when the unit is done.
 */
final class DroppedShards {
  private final Ledger ledger;
  private final Archives archives;

  DroppedShards(Ledger ledger, Archives archives) {
    this.ledger = ledger;
    this.archives = archives;
  }

  /** The shards of an open unit that are left, in the plan's order. */
  List<Shard> left(RunRow run, String lane, UnitRow unit) {
    List<Shard> planned = planned(run, unit);
    return unit.dropped() == 0
        ? planned
        : row(run, lane, unit.unit()).map(row -> row.value().left(planned)).orElse(planned);
  }

  /** Those of all lanes that are done, by their units. */
  Map<String, DroppedRow> ofRun(RunRow run) {
    Map<String, DroppedRow> rows = new HashMap<>();
    for (Held<LaneRow> lane : ledger.all(Rows.ofRun(run.id()), Rows.LANE_DONE, LaneRow.class)) {
      rows.putAll(ofLane(run, lane.value().lane()));
    }
    return rows;
  }

  /** Those of a lane, by their units. */
  Map<String, DroppedRow> ofLane(RunRow run, String lane) {
    Map<String, DroppedRow> rows = new HashMap<>();
    for (Held<DroppedRow> held :
        ledger.all(Rows.ofLane(run.id(), lane), Rows.DROPPED, DroppedRow.class)) {
      rows.put(held.value().unit(), held.value());
    }
    return rows;
  }

  /** Notes shards of a leased unit as dropped, and gives the unit back. */
  void note(RunRow run, String lane, UnitLease lease, List<Shard> dropped) {
    UnitRow unit = lease.unit();
    List<Shard> planned = planned(run, unit);
    Optional<Held<DroppedRow>> before = row(run, lane, unit.unit());
    var places = new TreeSet<Integer>(before.map(row -> row.value().places()).orElse(List.of()));
    dropped.forEach(shard -> places.add(planned.indexOf(shard)));
    if (places.contains(-1) || places.size() == unit.dropped()) {
      throw new IllegalStateException(
          "unit %s of %s, not of shards that are its own: %s"
              .formatted(unit.title(), planned.size(), dropped));
    }
    var row = new DroppedRow(unit.unit(), List.copyOf(places), places.size() == planned.size());
    lease.put(
        unit.dropped(places.size()),
        commit ->
            before.isPresent()
                ? commit.replace(before.get().row(), RowCodec.write(row))
                : commit.create(Rows.DROPPED + unit.unit(), RowCodec.write(row)));
  }

  private List<Shard> planned(RunRow run, UnitRow unit) {
    return archives.of(run).shards(run, unit.unit(), unit.shards());
  }

  private Optional<Held<DroppedRow>> row(RunRow run, String lane, String unit) {
    return ledger.find(Rows.ofLane(run.id(), lane), Rows.DROPPED + unit, DroppedRow.class);
  }
}
