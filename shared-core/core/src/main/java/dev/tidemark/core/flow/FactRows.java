package dev.tidemark.core.flow;

import dev.tidemark.core.state.Commit;
import dev.tidemark.core.state.Row;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Facts that were true once and must be the same for whoever seals: what the engine counted, what a
 * backup leaves out. The first who writes them is right. Kept in several rows where they are many.
 */
final class FactRows {
  /** A character is up to three bytes, and a row has 32 KiB. */
  private static final int ROW_CHARS = 8 * 1024;

  private final Ledger ledger;

  FactRows(Ledger ledger) {
    this.ledger = ledger;
  }

  /** One row of facts: name to value. */
  record Some(int v, Map<String, String> facts) {}

  /**
   * Keeps facts of a run that is planned, unless they are kept.
   *
   * @param kind becomes part of the rows' keys
   */
  void keep(String run, String kind, Map<String, String> facts) {
    String partition = Rows.ofRun(run);
    List<Map<String, String>> all = divide(facts);
    for (int n = all.size() - 1; n >= 0; n--) {
      // The first comes last, so that what is kept is kept whole.
      String sort = String.format(Locale.ROOT, "%s%06d", prefix(kind), n);
      Map<String, String> some = all.get(n);
      if (ledger.find(partition, sort, Some.class).isEmpty()) {
        Row plan =
            ledger
                .find(partition, Rows.PLAN, PlanRow.class)
                .orElseThrow(() -> new LeaseLost("run " + run + " is closed"))
                .row();
        // A run that was closed meanwhile has no plan row, and gets no rows any more.
        if (!ledger.commit(
                Commit.in(partition).require(plan).create(sort, RowCodec.write(new Some(1, some))))
            && ledger.find(partition, sort, Some.class).isEmpty()) {
          throw new LeaseLost("run " + run + " moved on");
        }
      }
    }
  }

  private static List<Map<String, String>> divide(Map<String, String> facts) {
    List<Map<String, String>> rows = new ArrayList<>();
    Map<String, String> row = new LinkedHashMap<>();
    int chars = 0;
    for (Map.Entry<String, String> fact : new TreeMap<>(facts).entrySet()) {
      int size = fact.getKey().length() + fact.getValue().length() + 16;
      if (chars + size > ROW_CHARS && !row.isEmpty()) {
        rows.add(row);
        row = new LinkedHashMap<>();
        chars = 0;
      }
      row.put(fact.getKey(), fact.getValue());
      chars += size;
    }
    rows.add(row);
    return rows;
  }

  boolean kept(String run, String kind) {
    return ledger.find(Rows.ofRun(run), prefix(kind) + "000000", Some.class).isPresent();
  }

  Map<String, String> read(String run, String kind) {
    Map<String, String> all = new TreeMap<>();
    for (Held<Some> held : ledger.all(Rows.ofRun(run), prefix(kind), Some.class)) {
      all.putAll(held.value().facts());
    }
    return all;
  }

  private static String prefix(String kind) {
    return "fact:" + kind + ":";
  }
}
