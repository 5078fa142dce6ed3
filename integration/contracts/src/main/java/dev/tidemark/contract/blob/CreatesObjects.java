package dev.tidemark.contract.blob;

import static dev.tidemark.contract.blob.OnAStore.atOnce;
import static dev.tidemark.contract.blob.OnAStore.bytes;
import static dev.tidemark.contract.blob.OnAStore.content;
import static dev.tidemark.contract.blob.OnAStore.keys;
import static dev.tidemark.contract.blob.OnAStore.put;
import static dev.tidemark.contract.blob.OnAStore.read;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.core.blob.BlobInfo;
import dev.tidemark.core.blob.BlobStore;
import dev.tidemark.core.blob.Checksum;
import dev.tidemark.core.blob.Creation;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** The obligations of {@link BlobStore#create} and {@link BlobStore#head}. */
public interface CreatesObjects extends OnAStore {

  @Test
  default void aKeyIsCreatedOnlyOnceAndKeepsItsFirstBytes() {
    BlobStore store = open();
    byte[] first = content(1, 1_000);

    assertThat(put(store, "a/key", first).existed()).isFalse();
    Creation second = put(store, "a/key", content(2, 2_000));

    assertThat(second.existed()).isTrue();
    assertThat(second.size()).isEqualTo(1_000);
    assertThat(read(store, "a/key")).isEqualTo(first);
  }

  @Test
  default void equalBytesChangeNothingEither() {
    put(open(), "a/key", content(1, 1_000));

    // Whether this is "existed" is open: a store may take it for a retry of its own.
    assertThat(put(open(), "a/key", content(1, 1_000)).size()).isEqualTo(1_000);

    assertThat(read(open(), "a/key")).isEqualTo(content(1, 1_000));
  }

  @Test
  default void theAnswerTellsSizeAndChecksumOfWhatIsStored() throws Exception {
    BlobStore store = open();
    byte[] content = content(1, 100_000);

    Creation creation = put(store, "sum", content);

    assertThat(creation.size()).isEqualTo(100_000);
    assertThat(creation.checksum()).isNotEqualTo(Checksum.NONE);
    switch (creation.checksum().kind()) {
      case "crc32c" ->
          assertThat(creation.checksum())
              .isEqualTo(Checksum.crc32c(List.of(ByteBuffer.wrap(content))));
      case "sha256" -> assertThat(creation.checksum().hex()).isEqualTo(digest("SHA-256", content));
      case "md5" -> assertThat(creation.checksum().hex()).isEqualTo(digest("MD5", content));
      default -> assertThat(creation.checksum().kind()).isEqualTo("crc64nvme");
    }
  }

  @Test
  default void headTellsWhatCreateTold() {
    Creation creation = put(open(), "a/key", content(1, 100));

    BlobInfo info = open().head("a/key").orElseThrow();

    assertThat(info.key()).isEqualTo("a/key");
    assertThat(info.size()).isEqualTo(100);
    assertThat(info.checksum()).isIn(creation.checksum(), Checksum.NONE);
  }

  @Test
  default void smallObjectsComeBackAsTheyWere() {
    BlobStore store = open();
    int[] sizes = {0, 1, 4_095, 4_096, 4_097, (1 << 20) + 1};
    for (int size : sizes) {
      assertThat(put(store, "sizes/" + size, content(size, size)).size()).isEqualTo(size);
    }
    for (int size : sizes) {
      assertThat(read(open(), "sizes/" + size)).isEqualTo(content(size, size));
    }
  }

  @Test
  default void theLargestObjectComesBackAsItWas() {
    BlobStore store = open();
    int mebibyte = 1 << 20;
    byte[] pattern = content(1, mebibyte + 64);
    List<ByteBuffer> object = new ArrayList<>();
    for (int i = 0; i < 64; i++) {
      object.add(ByteBuffer.wrap(pattern, i, mebibyte));
    }

    assertThat(store.create("largest", object).size()).isEqualTo(BlobStore.MAX_OBJECT_BYTES);

    for (int i = 0; i < 64; i++) {
      ByteBuffer piece = store.read("largest", (long) i * mebibyte, mebibyte).orElseThrow();
      assertThat(piece).isEqualTo(object.get(i));
    }
  }

  @Test
  default void buffersOfAnyKindAndNumberAreOneObjectAndStayWhereTheyWere() {
    BlobStore store = open();
    byte[] content = content(1, 20_000);
    List<ByteBuffer> buffers = new ArrayList<>();
    for (int i = 0; i < 2_000; i++) {
      ByteBuffer heap = ByteBuffer.wrap(content, i * 10, 10);
      ByteBuffer direct = ByteBuffer.allocateDirect(30).position(7);
      direct.put(heap.duplicate()).flip().position(7);
      buffers.add(i % 3 == 0 ? heap : i % 3 == 1 ? direct : heap.asReadOnlyBuffer());
      if (i % 100 == 0) {
        buffers.add(ByteBuffer.allocate(0));
      }
    }
    List<Integer> positions = buffers.stream().map(ByteBuffer::position).toList();
    List<Integer> limits = buffers.stream().map(ByteBuffer::limit).toList();

    store.create("many", buffers);

    assertThat(read(store, "many")).isEqualTo(content);
    assertThat(buffers.stream().map(ByteBuffer::position)).isEqualTo(positions);
    assertThat(buffers.stream().map(ByteBuffer::limit)).isEqualTo(limits);
  }

  @Test
  default void whatBecomesOfTheCallersBytesAfterwardsChangesNothing() {
    BlobStore store = open();
    byte[] content = content(1, 1_000);

    put(store, "a/key", content);
    Arrays.fill(content, (byte) 0);

    assertThat(read(store, "a/key")).isEqualTo(content(1, 1_000));
  }

  @Test
  default void aSecondClientSeesAnObjectAtOnce() {
    BlobStore first = open();
    BlobStore second = open();
    for (int i = 0; i < 20; i++) {
      String key = "seen/" + i % 4 + "/" + i;
      assertThat(second.head(key)).isEmpty();

      put(first, key, content(i, i));

      assertThat(keys(second, key, null, 10)).containsExactly(key);
      assertThat(second.head(key).orElseThrow().size()).isEqualTo(i);
      assertThat(read(second, key)).isEqualTo(content(i, i));
    }
  }

  @Test
  default void ofEightRacingCreatorsOneWins() throws Exception {
    List<BlobStore> clients = List.of(open(), open());
    for (int round = 0; round < 10; round++) {
      String key = "race/" + round + "/key";
      List<Callable<Creation>> creators = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        int size = 10_000 + i;
        BlobStore client = clients.get(i % 2);
        creators.add(() -> put(client, key, content(size, size)));
      }

      List<Creation> answers = atOnce(creators);

      List<Creation> winners = answers.stream().filter(answer -> !answer.existed()).toList();
      assertThat(winners).as("creators of %s", key).hasSize(1);
      int size = (int) winners.get(0).size();
      assertThat(answers).allMatch(answer -> answer.size() == size);
      assertThat(read(open(), key)).isEqualTo(content(size, size));
    }
  }

  @Test
  default void creatorsOfDifferentKeysInANewFolderAllSucceed() throws Exception {
    List<BlobStore> clients = List.of(open(), open());
    for (int round = 0; round < 5; round++) {
      String folder = "new/" + round + "/deep/er/";
      List<Callable<Creation>> creators = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        String key = folder + i;
        BlobStore client = clients.get(i % 2);
        creators.add(() -> put(client, key, content(1, 10)));
      }

      assertThat(atOnce(creators)).noneMatch(Creation::existed);
      assertThat(keys(open(), folder, null, 100)).hasSize(8);
    }
  }

  @Test
  default void anObjectIsSeenWholeOrNotAtAll() throws Exception {
    int size = 8 << 20;
    byte[] content = content(1, size);
    BlobStore writer = open();
    BlobStore reader = open();
    var created = new AtomicBoolean();

    Callable<Boolean> creator =
        () -> {
          try {
            put(writer, "whole", content);
          } finally {
            created.set(true);
          }
          return true;
        };
    Callable<Boolean> observer =
        () -> {
          boolean last;
          do {
            last = created.get();
            Optional<ByteBuffer> end = reader.read("whole", size - 10, 100);
            end.ifPresent(
                tail ->
                    assertThat(bytes(tail))
                        .isEqualTo(Arrays.copyOfRange(content, size - 10, size)));
            reader.head("whole").ifPresent(info -> assertThat(info.size()).isEqualTo(size));
            reader
                .list("", null, 10)
                .forEach(
                    info ->
                        assertThat(List.of(info.key(), info.size()))
                            .isEqualTo(List.of("whole", (long) size)));
          } while (!last);
          return reader.head("whole").isPresent();
        };

    assertThat(atOnce(List.of(creator, observer))).containsOnly(true);
  }

  private static String digest(String algorithm, byte[] content) throws Exception {
    return HexFormat.of().formatHex(MessageDigest.getInstance(algorithm).digest(content));
  }
}
