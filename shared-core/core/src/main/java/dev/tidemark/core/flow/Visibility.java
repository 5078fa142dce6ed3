package dev.tidemark.core.flow;

import dev.tidemark.core.engine.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Which collections of a restore that is being finished are visible, as far as the engine answered:
 * what nobody may take back any more, for users may have begun to use it.
 *
 * @param whole names on the target
 * @param part those of which some shards are visible and some are not
 * @param hidden those of which nothing is
 */
record Visibility(List<String> whole, List<String> part, List<String> hidden) {
  private static final int NAMES_TOLD = 20;

  static Visibility of(Platform platform, Ledger ledger, RunRow run) {
    String partition = Rows.ofRun(run.id());
    Optional<PlanRow> plan =
        ledger.find(partition, Rows.PLAN, PlanRow.class).map(held -> held.value());
    boolean shown = plan.map(PlanRow::shown).orElse(false);
    Target target = platform.site().engine(run.config(), run.cluster()).target();
    long visible =
        shown ? Long.MAX_VALUE : target.showsAtOnce() ? 0 : plan.map(PlanRow::finished).orElse(0L);
    RestoreMapping mapping = RestoreMapping.of(run);
    Map<String, long[]> counts = new TreeMap<>();
    long at = 0;
    for (Held<LaneRow> lane : ledger.all(partition, Rows.LANE_DONE, LaneRow.class)) {
      String units = Rows.ofLane(run.id(), lane.value().lane());
      for (Held<UnitRow> unit : ledger.all(units, Rows.DONE, UnitRow.class)) {
        String collection = mapping.target(unit.value()).collection();
        long[] count = counts.computeIfAbsent(collection, name -> new long[2]);
        count[0] += at++ < visible ? 1 : 0;
        count[1]++;
      }
    }
    var found = new Visibility(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    counts.forEach(
        (name, count) ->
            (count[0] == count[1] ? found.whole : count[0] > 0 ? found.part : found.hidden)
                .add(name));
    return found;
  }

  /** In words for a person. */
  String sentence() {
    if (whole.isEmpty() && part.isEmpty()) {
      return "nothing of what it restores is visible";
    }
    if (part.isEmpty() && hidden.isEmpty()) {
      return "all that it restores is visible: " + names(whole);
    }
    List<String> words = new ArrayList<>();
    if (!whole.isEmpty()) {
      words.add("visible as a whole: " + names(whole));
    }
    if (!part.isEmpty()) {
      words.add("visible in part: " + names(part));
    }
    if (!hidden.isEmpty()) {
      words.add("not visible: " + names(hidden));
    }
    return "of what it restores, " + String.join("; ", words);
  }

  private static String names(List<String> names) {
    String told = String.join(", ", names.subList(0, Math.min(NAMES_TOLD, names.size())));
    int more = names.size() - NAMES_TOLD;
    return more > 0 ? told + " and " + more + " more" : told;
  }
}
