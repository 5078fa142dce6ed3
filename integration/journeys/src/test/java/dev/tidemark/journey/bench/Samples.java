package dev.tidemark.journey.bench;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Content for benchmarks of parts; the same in every run. */
final class Samples {
  static final int MIB = 8;

  private Samples() {}

  /** So many MiB: all random, or in turn text-like numbers, floats and random bytes. */
  static byte[] of(String kind) {
    var random = new Random(7);
    ByteBuffer bytes = ByteBuffer.allocate(MIB << 20).order(ByteOrder.LITTLE_ENDIAN);
    while (bytes.hasRemaining()) {
      int way = kind.equals("random") ? 2 : (bytes.position() >> 16) % 3;
      switch (way) {
        case 0 ->
            bytes.putLong(0x3030_3030_3030_3030L | random.nextInt(10) << 8 | random.nextInt(8));
        case 1 -> bytes.putDouble(random.nextFloat());
        default -> bytes.putLong(random.nextLong());
      }
    }
    return bytes.array();
  }

  static List<ByteBuffer> frames(byte[] bytes) {
    var frames = new ArrayList<ByteBuffer>();
    for (int i = 0; i < MIB; i++) {
      frames.add(ByteBuffer.wrap(bytes, i << 20, 1 << 20).slice());
    }
    return frames;
  }
}
