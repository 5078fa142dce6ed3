package dev.tidemark.core.flow;

import dev.tidemark.core.state.Commit;
import dev.tidemark.core.state.Row;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Facts that were true once and must be the same for whoever seals: what the engine counted, what a
 * backup leaves out. The first who writes them is right. Kept in several rows where they are many.
 */
final class FactRows {
  /** Leaves room for the JSON around a fact; names on engines are short. */
  private static final int PER_ROW = 64;

  private final Ledger ledger;

  FactRows(Ledger ledger) {
    this.ledger = ledger;
  }

  /** One row of facts: name to value. */
  record Facts(int v, Map<String, String> facts) {}

  /**
   * Keeps facts of a run that is planned, unless they are kept.
   *
   * @param kind {@code missing}, {@code before} or {@code after}
   */
  void keep(String run, String kind, Map<String, String> facts) {
    String partition = Rows.ofRun(run);
    List<Map.Entry<String, String>> all = new ArrayList<>(new TreeMap<>(facts).entrySet());
    for (int from = 0; from == 0 || from < all.size(); from += PER_ROW) {
      String sort = "%s%06d".formatted(prefix(kind), from / PER_ROW);
      Map<String, String> some = new LinkedHashMap<>();
      all.subList(from, Math.min(all.size(), from + PER_ROW))
          .forEach(each -> some.put(each.getKey(), each.getValue()));
      if (ledger.find(partition, sort, Facts.class).isEmpty()) {
        Row plan =
            ledger
                .find(partition, Rows.PLAN, PlanRow.class)
                .orElseThrow(() -> new LeaseLost("run " + run + " is closed"))
                .row();
        // A run that was closed meanwhile has no plan row, and gets no rows any more.
        if (!ledger.commit(
                Commit.in(partition).require(plan).create(sort, RowCodec.write(new Facts(1, some))))
            && ledger.find(partition, sort, Facts.class).isEmpty()) {
          throw new LeaseLost("run " + run + " moved on");
        }
      }
    }
  }

  boolean kept(String run, String kind) {
    return ledger.any(Rows.ofRun(run), prefix(kind));
  }

  Map<String, String> read(String run, String kind) {
    Map<String, String> all = new TreeMap<>();
    for (Held<Facts> held : ledger.all(Rows.ofRun(run), prefix(kind), Facts.class)) {
      all.putAll(held.value().facts());
    }
    return all;
  }

  private static String prefix(String kind) {
    return "fact:" + kind + ":";
  }
}
