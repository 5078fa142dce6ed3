package dev.tidemark.core.flow;

import dev.tidemark.core.verify.Checkpoint;

/**
 * How far a verification is, and what it found, in its cluster's partition beside its run's row.
 *
 * @param percent of the content that is read
 * @param checkpoint with a brief report
 * @param turn of the run in which it came so far
 */
record VerifyRow(int v, int percent, Checkpoint checkpoint, int turn) {

  VerifyRow at(Checkpoint reached, int newTurn) {
    return new VerifyRow(v, percent, reached, newTurn);
  }
}
