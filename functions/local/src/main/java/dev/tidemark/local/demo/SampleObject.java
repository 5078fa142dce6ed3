package dev.tidemark.local.demo;

import java.util.Random;

/** An object whose content follows from its number and its version. */
record SampleObject(long number, int version) {
  static final int DIMENSIONS = 128;
  private static final int TOPICS = 40;

  String id() {
    return "%08x".formatted(number * 0x9E3779B1L & 0xFFFFFFFFL);
  }

  private float[] vector() {
    int topic = (int) (number % TOPICS);
    var around = new Random(topic);
    var own = new Random(number * 31 + version);
    float[] vector = new float[DIMENSIONS];
    for (int i = 0; i < DIMENSIONS; i++) {
      vector[i] = (float) (around.nextGaussian() + 0.4 * own.nextGaussian());
    }
    return vector;
  }

  void writeVector(StringBuilder to) {
    char before = '[';
    for (float value : vector()) {
      to.append(before).append(value);
      before = ',';
    }
    to.append(']');
  }

  void write(StringBuilder to) {
    to.append("{\"id\":\"").append(id()).append("\",\"vector\":");
    writeVector(to);
    to.append(",\"properties\":{\"topic\":").append(number % TOPICS);
    to.append(",\"version\":").append(version).append(",\"title\":\"object ").append(number);
    to.append("\"}}");
  }
}
