package dev.tidemark.core.flow;

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
    Ledger ledger = new Ledger(table);
    Optional<Held<DeploymentRow>> known = ledger.find(PARTITION, SORT, DeploymentRow.class);
    if (known.isPresent()) {
      return known.get().value().id();
    }
    ledger.commit(
        Commit.in(PARTITION).create(SORT, RowCodec.write(new DeploymentRow(1, ids.text(8)))));
    return ledger
        .find(PARTITION, SORT, DeploymentRow.class)
        .orElseThrow(() -> new IllegalStateException("the row of the deployment vanished"))
        .value()
        .id();
  }
}
