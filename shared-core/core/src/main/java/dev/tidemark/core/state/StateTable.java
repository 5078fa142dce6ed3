package dev.tidemark.core.state;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A table of small rows under a partition key and a sort key, each 1 to 400 bytes of {@code
 * [a-z0-9_.:-]}. A body is at most {@link #MAX_BODY_BYTES} of UTF-8.
 *
 * <p>There are no predicate conditions: who relies on the absence of rows must touch a row that
 * everybody who could add one touches too.
 *
 * <p>Every method throws {@link dev.tidemark.core.failure.TransientFailure} where trying again may
 * help or the outcome is unknown. Clients may be used by several threads.
 */
public interface StateTable {

  int MAX_BODY_BYTES = 32 << 10;

  /** The most puts and deletes in one commit. */
  int MAX_CHANGES = 25;

  /** The row as last committed by anybody: strongly consistent. */
  Optional<Row> get(String partition, String sort);

  /**
   * Rows of one partition whose sort keys begin with {@code prefix}, in unsigned byte order. Each
   * row is as it was committed at some moment during the call; the rows are not of one moment.
   *
   * @param after only sort keys greater than this; null for the first page
   * @param limit 1 to 1 000
   * @throws IllegalArgumentException where the limit is out of range
   * @return at most {@code limit} rows; fewer only where there are no more
   */
  List<Row> query(String partition, String prefix, @Nullable String after, int limit);

  /**
   * Makes all changes of a commit, or none. Every put stores a random write id, so that an adapter
   * which finds its own write after a lost reply answers true.
   *
   * @return true if committed; false if a condition did not hold and nothing was changed
   */
  boolean commit(Commit commit);

  /**
   * Deletes rows that nobody needs any more, whatever their versions: each for itself, in any
   * order, and a row that is not there is deleted. After a failure some may be gone; the call is
   * repeated. A row that somebody might still put is no row to discard.
   *
   * @param sorts at most {@link #MAX_CHANGES}
   */
  void discard(String partition, List<String> sorts);
}
