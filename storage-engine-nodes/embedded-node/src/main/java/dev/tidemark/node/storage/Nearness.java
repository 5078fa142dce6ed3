package dev.tidemark.node.storage;

import dev.tidemark.node.schema.Distance;

/** The distance of vectors to one query, summed in double so that each node finds the same. */
final class Nearness {
  private final Distance distance;
  private final float[] query;
  private final double queryNorm;

  Nearness(Distance distance, float[] query) {
    this.distance = distance;
    this.query = query;
    this.queryNorm = Math.sqrt(dot(query, query));
  }

  double of(float[] vector) {
    return switch (distance) {
      case COSINE -> cosine(vector);
      case DOT -> -dot(query, vector);
      case L2 -> euclidean(vector);
    };
  }

  private double cosine(float[] vector) {
    double product = 0;
    double square = 0;
    for (int i = 0; i < vector.length; i++) {
      double component = vector[i];
      product += query[i] * component;
      square += component * component;
    }
    double norms = queryNorm * Math.sqrt(square);
    return norms == 0 ? 1 : 1 - product / norms;
  }

  private double euclidean(float[] vector) {
    double sum = 0;
    for (int i = 0; i < vector.length; i++) {
      double difference = (double) query[i] - vector[i];
      sum += difference * difference;
    }
    return Math.sqrt(sum);
  }

  private static double dot(float[] left, float[] right) {
    double sum = 0;
    for (int i = 0; i < left.length; i++) {
      sum += (double) left[i] * right[i];
    }
    return sum;
  }
}
