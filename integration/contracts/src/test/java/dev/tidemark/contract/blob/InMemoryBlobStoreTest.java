package dev.tidemark.contract.blob;

import static dev.tidemark.contract.blob.OnAStore.content;
import static dev.tidemark.contract.blob.OnAStore.put;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.core.blob.BlobStore;
import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.memory.InMemoryBlobStore;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;

class InMemoryBlobStoreTest implements BlobStoreContract {
  private final InMemoryBlobStore place = new InMemoryBlobStore(InstantSource.system(), 7);

  private final BlobStoreEnvironment environment =
      new BlobStoreEnvironment() {
        @Override
        public BlobStore open() {
          return place.client();
        }

        @Override
        public BlobStore missing() {
          InMemoryBlobStore vanished = new InMemoryBlobStore(InstantSource.system());
          put(vanished, "a/key", content(1, 10));
          vanished.vanish();
          return vanished.client();
        }
      };

  @Override
  public BlobStoreEnvironment environment() {
    return environment;
  }

  @Test
  void aKeyThatIsTheFolderOfAnotherIsRefused() {
    put(place, "a/b/c", content(1, 1));

    assertThatThrownBy(() -> put(place, "a/b", content(1, 1)))
        .isInstanceOf(PermanentFailure.class)
        .hasMessageContaining("a/b/c");
    assertThatThrownBy(() -> put(place, "a/b/c/d", content(1, 1)))
        .isInstanceOf(PermanentFailure.class);
    put(place, "a/b-c", content(1, 1));
  }

  @Test
  void pagesAreShortAtTimesAlthoughMoreFollow() {
    for (int i = 0; i < 50; i++) {
      put(place, "k" + i, content(1, 1));
    }

    int shortPages = 0;
    for (int limit = 2; limit < 40; limit++) {
      shortPages += place.list("", null, limit).size() < limit ? 1 : 0;
    }

    assertThat(shortPages).isBetween(5, 37);
  }
}
