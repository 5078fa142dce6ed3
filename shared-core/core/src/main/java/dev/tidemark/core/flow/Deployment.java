package dev.tidemark.core.flow;

import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.state.Commit;
import dev.tidemark.core.state.StateTable;
import dev.tidemark.core.time.Ids;
import java.util.Optional;

/** The id of the deployment that a table belongs to; made once, and kept in the table. */
public final class Deployment {
  private static final String PARTITION = "d";
  private static final String SORT = "deployment";

  private Deployment() {}

  /** The row of the deployment. */
  record DeploymentRow(int v, String id) {}

  /** The table's deployment id, 8 of {@code [a-z0-9]}; a new one where it has none. */
  public static String idOf(StateTable table, Ids ids) {
    return known(table).orElseGet(() -> made(table, ids.text(8)));
  }

  /**
   * Makes sure that a table is a deployment's own; one that is nobody's becomes so.
   *
   * @throws PermanentFailure CONFLICT where it is another's
   */
  public static void claim(StateTable table, String id) {
    String owner = known(table).orElseGet(() -> made(table, id));
    if (!owner.equals(id)) {
      throw PermanentFailure.of(PermanentFailure.Kind.CONFLICT, "state table")
          .expected("the table of deployment '" + id + "'")
          .found("that of deployment '" + owner + "'")
          .hint(
              "name this deployment's own table; two that share one would undo each other's work");
    }
  }

  private static Optional<String> known(StateTable table) {
    return new Ledger(table)
        .find(PARTITION, SORT, DeploymentRow.class)
        .map(held -> held.value().id());
  }

  private static String made(StateTable table, String id) {
    new Ledger(table)
        .commit(Commit.in(PARTITION).create(SORT, RowCodec.write(new DeploymentRow(1, id))));
    return known(table)
        .orElseThrow(() -> new IllegalStateException("the row of the deployment vanished"));
  }
}
