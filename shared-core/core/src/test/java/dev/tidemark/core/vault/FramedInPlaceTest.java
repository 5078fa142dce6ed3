package dev.tidemark.core.vault;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class FramedInPlaceTest {

  @Test
  void inPlaceGivesTheSameObject() {
    byte[] memory = new byte[3 * Framed.FRAME_BYTES];
    new SplittableRandom(1).nextBytes(memory);
    Arrays.fill(memory, 100, Framed.FRAME_BYTES, (byte) 7);
    List<ByteBuffer> plain =
        List.of(
            ByteBuffer.wrap(memory, 0, Framed.FRAME_BYTES),
            ByteBuffer.wrap(memory, Framed.FRAME_BYTES, Framed.FRAME_BYTES).slice(),
            ByteBuffer.wrap(memory, 2 * Framed.FRAME_BYTES, 500));
    byte[] id = new byte[16];
    ByteBuffer copied = joined(Framed.encode(id, plain, Compression.DEFAULT));
    ByteBuffer inPlace = joined(Framed.encodeInPlace(id, plain, Compression.DEFAULT));
    assertThat(inPlace).isEqualTo(copied);
  }

  private static ByteBuffer joined(Framed.Encoded object) {
    ByteBuffer joined = ByteBuffer.allocate((int) object.stored());
    object.bytes().forEach(bytes -> joined.put(bytes.duplicate()));
    return joined.flip();
  }
}
