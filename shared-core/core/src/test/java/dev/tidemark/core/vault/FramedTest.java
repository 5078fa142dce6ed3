package dev.tidemark.core.vault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.core.blob.Checksum;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;

class FramedTest {
  private static final String CLUSTER = "main-00000000";
  private static final String UNIT = "0123456789abcdef0123";
  private static final String NAME = "writer000000.1.0";
  private static final String KEY = VaultKeys.data(CLUSTER, UNIT, NAME);
  private static final byte[] ID = HexFormat.of().parseHex("000102030405060708090a0b0c0d0e0f");

  @Property(tries = 60)
  void aPlaintextOfAnySizeIsDecodedAgain(
      @ForAll @IntRange(max = 3_200_000) int size,
      @ForAll @LongRange(min = 0, max = 1_000) long seed,
      @ForAll Compression compression) {
    byte[] plain = content(size, seed);
    Framed.Encoded encoded = Framed.encode(ID, segments(plain), compression);

    byte[] object = join(encoded.bytes());
    assertThat(object).hasSize((int) encoded.stored());
    assertThat(encoded.plain()).isEqualTo(size);
    assertThat(Framed.possible(encoded.stored(), encoded.plain())).isTrue();
    assertThat(bytes(Framed.decode(KEY, ByteBuffer.wrap(object), ID, size))).isEqualTo(plain);
  }

  @Property(tries = 100)
  void anyRangeIsReadWithFewRequests(
      @ForAll @IntRange(max = 9_500_000) int size,
      @ForAll @LongRange(min = 0, max = 1_000) long seed,
      @ForAll @LongRange(min = 0, max = 1_000_000_000) long place) {
    byte[] plain = content(size, seed);
    var store = new MapStore();
    BlobRef blob = store(store, plain);
    int from = (int) (place % (size + 1));
    int to = from + (int) (place / 7 % (size - from + 1));

    assertThat(read(new BlobReader(store, CLUSTER, UNIT), blob, from, to))
        .isEqualTo(Arrays.copyOfRange(plain, from, to));
    assertThat(store.reads).isLessThanOrEqualTo(3 + (to - from) / (3 << 20));
  }

  @Example
  void filesInAPackAreReadAheadTogether() {
    byte[] plain = content(6 << 20, 3);
    var store = new MapStore();
    BlobRef blob = store(store, plain);
    var reader = new BlobReader(store, CLUSTER, UNIT);
    int step = 10_007;
    for (int at = step; at + step <= plain.length; at += step) {
      assertThat(read(reader, blob, at, at + step))
          .isEqualTo(Arrays.copyOfRange(plain, at, at + step));
    }
    assertThat(store.reads).isLessThan(10);
  }

  @Example
  void anObjectOfTheFirstReleaseStaysReadable() {
    byte[] object =
        HexFormat.of()
            .parseHex(
                "54444d31"
                    + "00000000"
                    + HexFormat.of().formatHex(ID)
                    + "80000003"
                    + "616263"
                    + "80000003");
    assertThat(bytes(Framed.decode(KEY, ByteBuffer.wrap(object), ID, 3)))
        .isEqualTo("abc".getBytes(StandardCharsets.US_ASCII));
    assertThat(
            join(
                Framed.encode(
                        ID,
                        segments("abc".getBytes(StandardCharsets.US_ASCII)),
                        Compression.DEFAULT)
                    .bytes()))
        .isEqualTo(object);
  }

  @Example
  void buffersThatAreNoFramesAreRefused() {
    var two = List.of(ByteBuffer.allocate(5), ByteBuffer.allocate(5));
    assertThatThrownBy(() -> Framed.encode(ID, two, Compression.DEFAULT))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static byte[] read(BlobReader reader, BlobRef blob, int from, int to) {
    var out = new ByteArrayOutputStream();
    reader.read(blob, from, to - from, piece -> out.writeBytes(bytes(piece)));
    return out.toByteArray();
  }

  private static BlobRef store(MapStore store, byte[] plain) {
    Framed.Encoded encoded = Framed.encode(ID, segments(plain), Compression.BEST_SPEED);
    var unused = store.create(KEY, encoded.bytes());
    return new BlobRef(
        NAME, HexFormat.of().formatHex(ID), encoded.stored(), encoded.plain(), Checksum.NONE);
  }

  /** Stretches that compress and stretches that do not. */
  static byte[] content(int size, long seed) {
    var random = new SplittableRandom(seed);
    byte[] bytes = new byte[size];
    for (int at = 0; at < size; ) {
      int n = Math.min(size - at, 1 + random.nextInt(2_000_000));
      if (random.nextBoolean()) {
        byte[] noise = new byte[n];
        random.nextBytes(noise);
        System.arraycopy(noise, 0, bytes, at, n);
      } else {
        Arrays.fill(bytes, at, at + n, (byte) random.nextInt());
      }
      at += n;
    }
    return bytes;
  }

  static List<ByteBuffer> segments(byte[] plain) {
    var segments = new ArrayList<ByteBuffer>();
    for (int at = 0; at < plain.length; at += Framed.FRAME_BYTES) {
      int n = Math.min(Framed.FRAME_BYTES, plain.length - at);
      segments.add(ByteBuffer.wrap(plain, at, n));
    }
    return segments;
  }

  static byte[] join(List<ByteBuffer> buffers) {
    var out = new ByteArrayOutputStream();
    buffers.forEach(buffer -> out.writeBytes(bytes(buffer)));
    return out.toByteArray();
  }

  static byte[] bytes(ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.remaining()];
    buffer.duplicate().get(bytes);
    return bytes;
  }
}
