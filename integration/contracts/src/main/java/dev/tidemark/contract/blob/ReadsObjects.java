package dev.tidemark.contract.blob;

import static dev.tidemark.contract.blob.OnAStore.atOnce;
import static dev.tidemark.contract.blob.OnAStore.bytes;
import static dev.tidemark.contract.blob.OnAStore.content;
import static dev.tidemark.contract.blob.OnAStore.put;
import static dev.tidemark.contract.blob.OnAStore.read;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.core.blob.BlobStore;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;

/** The obligations of {@link BlobStore#read}. */
public interface ReadsObjects extends OnAStore {

  @Test
  default void rangesAreExact() {
    BlobStore store = open();
    byte[] content = content(1, 10_000);
    put(store, "a/key", content);
    int[][] ranges = {
      {0, 0}, {0, 1}, {0, 10_000}, {1, 9_999}, {4_096, 4_096}, {9_999, 1}, {5_000, 0}
    };
    for (int[] range : ranges) {
      assertThat(bytes(store.read("a/key", range[0], range[1]).orElseThrow()))
          .as("%d bytes from %d", range[1], range[0])
          .isEqualTo(Arrays.copyOfRange(content, range[0], range[0] + range[1]));
    }
  }

  @Test
  default void aRangePastTheEndGivesWhatThereIs() {
    BlobStore store = open();
    byte[] content = content(1, 100);
    put(store, "a/key", content);

    assertThat(bytes(store.read("a/key", 90, 100).orElseThrow()))
        .isEqualTo(Arrays.copyOfRange(content, 90, 100));
    assertThat(bytes(store.read("a/key", 0, Integer.MAX_VALUE).orElseThrow())).isEqualTo(content);
    assertThat(bytes(store.read("a/key", 99, Integer.MAX_VALUE).orElseThrow())).hasSize(1);
    assertThat(bytes(store.read("a/key", 100, 1).orElseThrow())).isEmpty();
    assertThat(bytes(store.read("a/key", 101, 10).orElseThrow())).isEmpty();
    assertThat(bytes(store.read("a/key", Long.MAX_VALUE, 10).orElseThrow())).isEmpty();
  }

  @Test
  default void anEmptyObjectIsThereAndEmpty() {
    BlobStore store = open();
    put(store, "empty", new byte[0]);

    assertThat(bytes(store.read("empty", 0, 10).orElseThrow())).isEmpty();
    assertThat(store.head("empty").orElseThrow().size()).isZero();
  }

  @Test
  default void whereThereIsNoObjectThereIsNothing() {
    BlobStore store = open();
    put(store, "folder/key", content(1, 10));

    for (String key : List.of("none", "folder/none", "no/folder/at/all", "folder")) {
      assertThat(store.read(key, 0, 10)).as(key).isEmpty();
      assertThat(store.head(key)).as(key).isEmpty();
    }
  }

  @Test
  default void theBytesBelongToTheirReader() {
    BlobStore store = open();
    put(store, "a/key", content(1, 100));

    ByteBuffer mine = store.read("a/key", 0, 100).orElseThrow();
    if (!mine.isReadOnly()) {
      mine.put(new byte[100]);
    }

    assertThat(read(store, "a/key")).isEqualTo(content(1, 100));
  }

  @Test
  default void oneClientServesManyReadersAtOnce() throws Exception {
    BlobStore store = open();
    byte[] content = content(1, 200_000);
    put(store, "a/key", content);
    List<Callable<byte[]>> readers = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      int offset = i * 25_000;
      readers.add(() -> bytes(store.read("a/key", offset, 25_000).orElseThrow()));
    }

    List<byte[]> pieces = atOnce(readers);

    for (int i = 0; i < 8; i++) {
      assertThat(pieces.get(i))
          .isEqualTo(Arrays.copyOfRange(content, i * 25_000, (i + 1) * 25_000));
    }
  }
}
