package dev.tidemark.contract.fault;

import dev.tidemark.core.state.Row;
import dev.tidemark.core.state.StateTable;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Queries whose answer is not of one moment. */
final class Tearing {
  private Tearing() {}

  static @Nullable Object query(
      Object real, Method method, @Nullable Object[] arguments, Runnable meanwhile)
      throws Throwable {
    if (real instanceof StateTable table && method.getName().equals("query")) {
      return rows(table, arguments, meanwhile);
    }
    // A page of another port may be short although more follow.
    @Nullable Object[] fewer = arguments.clone();
    int last = fewer.length - 1;
    if (fewer[last] instanceof Integer limit && limit > 1) {
      fewer[last] = (limit + 1) / 2;
    }
    meanwhile.run();
    return Faults.invoke(real, method, fewer);
  }

  /** The first half as it is now, the rest as it is after others have acted. */
  private static List<Row> rows(
      StateTable table, @Nullable Object[] arguments, Runnable meanwhile) {
    if (!(arguments[0] instanceof String partition
        && arguments[1] instanceof String prefix
        && arguments[3] instanceof Integer limit)) {
      throw new AssertionError("not a query of a table");
    }
    String after = (String) arguments[2];
    List<Row> now = table.query(partition, prefix, after, limit);
    List<Row> torn = new ArrayList<>(now.subList(0, now.size() / 2));
    meanwhile.run();
    String seam = torn.isEmpty() ? after : torn.get(torn.size() - 1).sort();
    if (torn.size() < limit) {
      torn.addAll(table.query(partition, prefix, seam, limit - torn.size()));
    }
    return torn;
  }
}
