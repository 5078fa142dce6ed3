package dev.tidemark.contract.blob;

import static dev.tidemark.contract.blob.OnAStore.atOnce;
import static dev.tidemark.contract.blob.OnAStore.content;
import static dev.tidemark.contract.blob.OnAStore.put;
import static dev.tidemark.contract.blob.OnAStore.read;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.core.blob.BlobStore;
import dev.tidemark.core.blob.Checksum;
import dev.tidemark.core.blob.Creation;
import dev.tidemark.core.failure.PermanentFailure;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;

/** The obligations of {@link BlobStore#copy}. */
public interface CopiesObjects extends OnAStore {

  @Test
  default void aCopyIsAnObjectOfItsOwn() {
    BlobStore store = open();
    byte[] content = content(1, 3_000_000);
    Creation original = put(store, "from", content);

    Creation copy = store.copy("from", "to/where");
    assertThat(copy.existed()).isFalse();
    assertThat(copy.size()).isEqualTo(content.length);
    assertThat(copy.checksum()).isIn(original.checksum(), Checksum.NONE);
    assertThat(read(open(), "from")).isEqualTo(content);

    store.delete(List.of("from"));
    assertThat(read(open(), "to/where")).isEqualTo(content);
  }

  @Test
  default void aCopyOverwritesNothing() {
    BlobStore store = open();
    put(store, "from", content(1, 100));
    put(store, "to", content(2, 200));

    Creation copy = store.copy("from", "to");

    assertThat(copy.existed()).isTrue();
    assertThat(copy.size()).isEqualTo(200);
    assertThat(read(store, "to")).isEqualTo(content(2, 200));
  }

  @Test
  default void aCopyCanBeMadeAgain() {
    BlobStore store = open();
    put(store, "from", content(1, 100));

    store.copy("from", "to");
    assertThat(store.copy("from", "to").size()).isEqualTo(100);

    assertThat(read(store, "to")).isEqualTo(content(1, 100));
  }

  @Test
  default void ofACopyAndItsRivalsOneWins() throws Exception {
    BlobStore store = open();
    for (int i = 0; i < 4; i++) {
      put(store, "from/" + i, content(i, 1_000 + i));
    }
    List<Callable<Creation>> rivals = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      int from = i;
      BlobStore client = open();
      rivals.add(() -> client.copy("from/" + from, "to"));
      rivals.add(() -> put(client, "to", content(10 + from, 1_010 + from)));
    }

    List<Creation> answers = atOnce(rivals);

    List<Creation> winners = answers.stream().filter(answer -> !answer.existed()).toList();
    assertThat(winners).hasSize(1);
    int size = (int) winners.get(0).size();
    assertThat(read(store, "to")).isEqualTo(content(size - 1_000L, size));
  }

  @Test
  default void whatIsNotThereCannotBeCopied() {
    BlobStore store = open();
    put(store, "folder/key", content(1, 1));

    for (String from : List.of("none", "folder", "folder/none")) {
      assertThatThrownBy(() -> store.copy(from, "to"))
          .isInstanceOfSatisfying(
              PermanentFailure.class,
              failure -> {
                assertThat(failure.kind()).isEqualTo(PermanentFailure.Kind.NOT_FOUND);
                assertThat(failure).hasMessageContaining(from);
              });
    }
    assertThat(store.head("to")).isEmpty();
  }
}
