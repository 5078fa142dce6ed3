package dev.tidemark.node.storage;

import dev.tidemark.node.storage.VectorQuery.Vectors;
import java.util.Arrays;
import java.util.Comparator;
import java.util.PriorityQueue;

/** One of the nearest objects so far. */
@SuppressWarnings("ArrayRecordComponent") // Compared nowhere by equals.
record Candidate(byte[] key, double distance, byte[] value) {
  static final Comparator<Candidate> WORST_FIRST =
      Comparator.comparingDouble(Candidate::distance)
          .thenComparing(Candidate::key, Arrays::compareUnsigned)
          .reversed();

  /**
   * Whether an object at that distance is among the k nearest. Rows come in the order of their ids,
   * so of equally near ones the first stay.
   */
  static boolean enters(PriorityQueue<Candidate> nearest, int k, double distance) {
    Candidate worst = nearest.peek();
    return nearest.size() < k || worst == null || distance < worst.distance();
  }

  Hit hit(VectorQuery query) {
    return new Hit(
        ObjectCodec.id(key),
        distance,
        ObjectCodec.properties(value, value.length),
        query.vectors() == Vectors.INCLUDE
            ? ObjectCodec.vector(value, ObjectCodec.dimensions(value))
            : null);
  }
}
