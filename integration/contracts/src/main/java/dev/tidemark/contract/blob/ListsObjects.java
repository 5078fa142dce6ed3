package dev.tidemark.contract.blob;

import static dev.tidemark.contract.blob.OnAStore.atOnce;
import static dev.tidemark.contract.blob.OnAStore.content;
import static dev.tidemark.contract.blob.OnAStore.keys;
import static dev.tidemark.contract.blob.OnAStore.put;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.core.blob.BlobInfo;
import dev.tidemark.core.blob.BlobStore;
import dev.tidemark.core.blob.Checksum;
import dev.tidemark.core.blob.Creation;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** The obligations of {@link BlobStore#list}. */
public interface ListsObjects extends OnAStore {

  /** Keys on which a walk through folders and the order of bytes disagree. */
  List<String> TRICKY =
      List.of(
          "A/x", "a-/x", "a-b/c", "a-b.c", "a.b", "a/b-c", "a/b.c/d", "a/b/c", "a/b0", "a0", "a_b",
          "aa", "b/a-a", "b/a/a", "b/a/b/c", "b/a0");

  @Test
  default void anEmptyPlaceListsNothing() {
    assertThat(open().list("", null, 1_000)).isEmpty();
    assertThat(open().list("a/", null, 1)).isEmpty();
  }

  @Test
  default void keysAreInByteOrderWhateverTheirFolders() {
    BlobStore store = open();
    TRICKY.forEach(key -> put(store, key, content(1, key.length())));
    List<String> sorted = List.copyOf(new TreeSet<>(TRICKY));

    assertThat(keys(store, "", null, 1_000)).isEqualTo(sorted);
    assertThat(keys(store, "", null, 1)).isEqualTo(sorted);
    assertThat(keys(store, "", null, 3)).isEqualTo(sorted);
  }

  @Test
  default void aPrefixMayEndAnywhereAndAPageBeginAnywhere() {
    BlobStore store = open();
    TRICKY.forEach(key -> put(store, key, content(1, 1)));
    var prefixes = new TreeSet<>(List.of("", "zz", "a//", "/", "a/b/c/d", "a/.", "ä"));
    TRICKY.forEach(key -> prefixes.addAll(List.of(key, key.substring(0, (key.length() + 1) / 2))));
    var starts = new TreeSet<>(List.of("a", "a/", "a/b", "a/b/", "a~", "b/a/~", "zz", "\u007f"));
    starts.addAll(TRICKY.subList(3, 8));
    for (String prefix : prefixes) {
      List<String> all = new TreeSet<>(TRICKY).stream().filter(k -> k.startsWith(prefix)).toList();
      assertThat(keys(store, prefix, null, 2)).as("under '%s'", prefix).isEqualTo(all);
      for (String start : starts) {
        assertThat(keys(store, prefix, start, 1_000))
            .as("under '%s' after '%s'", prefix, start)
            .isEqualTo(all.stream().filter(key -> key.compareTo(start) > 0).toList());
      }
    }
  }

  @Test
  default void moreThanOnePageIsListedWhole() throws Exception {
    BlobStore store = open();
    TreeSet<String> expected = new TreeSet<>();
    for (int i = 0; i < 1_100; i++) {
      expected.add("many/%d/%d".formatted(i % 7, i));
    }
    createAll(store, List.copyOf(expected));
    put(store, "many-", content(1, 1));
    put(store, "many0", content(1, 1));

    assertThat(keys(store, "many/", null, 1_000)).isEqualTo(List.copyOf(expected));
    assertThat(keys(open(), "many/", "many/3/999", 97))
        .isEqualTo(List.copyOf(expected.tailSet("many/3/999", false)));
  }

  @Test
  default void aListTellsSizesAndNoWrongChecksum() {
    BlobStore store = open();
    Creation creation = put(store, "sized", content(1, 12_345));

    BlobInfo info = store.list("", null, 10).get(0);

    assertThat(info.size()).isEqualTo(12_345);
    assertThat(info.checksum()).isIn(creation.checksum(), Checksum.NONE);
  }

  @Test
  default void keysThatStayAreListedOnceWhileOthersComeAndGo() throws Exception {
    BlobStore store = open();
    BlobStore other = open();
    List<String> stay = new ArrayList<>();
    for (int i = 100; i < 160; i++) {
      stay.add("busy/" + i / 10 + "/" + i);
    }
    createAll(store, stay);
    var listed = new AtomicBoolean();

    Callable<List<String>> lister =
        () -> {
          try {
            List<String> seen = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
              seen = keys(store, "busy/", null, 7);
              assertThat(seen).isSorted().doesNotHaveDuplicates().containsAll(stay);
            }
            return seen;
          } finally {
            listed.set(true);
          }
        };
    Callable<List<String>> meddler =
        () -> {
          for (int i = 0; !listed.get(); i++) {
            String key = "busy/" + (10 + i % 6) + "/x" + i % 10;
            put(other, key, content(1, 1));
            other.delete(List.of(key));
          }
          return stay;
        };

    assertThat(atOnce(List.of(lister, meddler)).get(0)).containsAll(stay);
  }

  private static void createAll(BlobStore store, List<String> keys) throws Exception {
    List<Callable<Boolean>> writers = new ArrayList<>();
    for (int thread = 0; thread < 8; thread++) {
      int first = thread;
      writers.add(
          () -> {
            for (int i = first; i < keys.size(); i += 8) {
              put(store, keys.get(i), content(i, 1));
            }
            return true;
          });
    }
    atOnce(writers);
  }
}
