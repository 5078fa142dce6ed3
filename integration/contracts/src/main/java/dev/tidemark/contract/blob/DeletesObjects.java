package dev.tidemark.contract.blob;

import static dev.tidemark.contract.blob.OnAStore.content;
import static dev.tidemark.contract.blob.OnAStore.keys;
import static dev.tidemark.contract.blob.OnAStore.put;
import static dev.tidemark.contract.blob.OnAStore.read;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.core.blob.BlobStore;
import dev.tidemark.core.blob.Deletion;
import dev.tidemark.core.blob.Deletion.Outcome;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The obligations of {@link BlobStore#delete}. */
public interface DeletesObjects extends OnAStore {

  @Test
  default void everyKeyGetsItsOutcomeInOrder() {
    BlobStore store = open();
    put(store, "a/1", content(1, 1));
    put(store, "a/2", content(1, 1));
    put(store, "a/3", content(1, 1));

    List<Deletion> outcomes = store.delete(List.of("a/3", "a/none", "a/1", "none/at/all"));

    assertThat(outcomes)
        .extracting(Deletion::key)
        .containsExactly("a/3", "a/none", "a/1", "none/at/all");
    assertThat(outcomes.get(0).outcome()).isEqualTo(Outcome.DELETED);
    assertThat(outcomes.get(1).outcome()).isIn(Outcome.ABSENT, Outcome.DELETED);
    assertThat(outcomes.get(2).outcome()).isEqualTo(Outcome.DELETED);
    assertThat(outcomes.get(3).outcome()).isIn(Outcome.ABSENT, Outcome.DELETED);
    assertThat(keys(open(), "", null, 10)).containsExactly("a/2");
  }

  @Test
  default void whatIsDeletedIsGoneForEveryClientAtOnce() {
    BlobStore first = open();
    BlobStore second = open();
    for (int i = 0; i < 20; i++) {
      String key = "gone/" + i % 3;
      put(first, key, content(i, 10));
      assertThat(read(second, key)).isEqualTo(content(i, 10));

      first.delete(List.of(key));

      assertThat(second.read(key, 0, 10)).isEmpty();
      assertThat(second.head(key)).isEmpty();
      assertThat(second.list("gone/", null, 10)).isEmpty();
    }
  }

  @Test
  default void deletingNothingIsSilent() {
    BlobStore store = open();
    put(store, "a", content(1, 1));

    assertThat(store.delete(List.of())).isEmpty();
    assertThat(store.delete(List.of("b"))).hasSize(1);

    assertThat(keys(store, "", null, 10)).containsExactly("a");
  }

  @Test
  default void aThousandKeysAreDeletedInOneCall() {
    BlobStore store = open();
    List<String> keys = new ArrayList<>();
    for (int i = 0; i < BlobStore.MAX_DELETE_KEYS; i++) {
      keys.add("bulk/" + i);
    }
    put(store, "bulk/7", content(1, 1));
    put(store, "bulk/999", content(1, 1));
    put(store, "bulk/1000", content(1, 1));

    assertThat(store.delete(keys)).extracting(Deletion::key).isEqualTo(keys);

    assertThat(keys(store, "", null, 10)).containsExactly("bulk/1000");
  }

  @Test
  default void aFolderIsNotDeletedAsIfItWereAnObject() {
    BlobStore store = open();
    put(store, "a/b/c", content(1, 1));

    store.delete(List.of("a/b", "a"));

    assertThat(keys(store, "", null, 10)).containsExactly("a/b/c");
  }
}
