package dev.tidemark.contract.blob;

import static dev.tidemark.contract.blob.OnAStore.content;
import static dev.tidemark.contract.blob.OnAStore.keys;
import static dev.tidemark.contract.blob.OnAStore.put;
import static dev.tidemark.contract.blob.OnAStore.read;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.core.blob.BlobStore;
import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.failure.PermanentFailure.Kind;
import dev.tidemark.core.failure.TransientFailure;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** The limits of the port, the same in every store, and places that are gone. */
public interface RefusesWhatIsWrong extends OnAStore {

  @Test
  default void oddKeysAreKeys() {
    BlobStore store = open();
    List<String> keys =
        List.of(
            "-",
            "_",
            "a..b",
            "a.",
            "a-b.c_d",
            "CON",
            "nul.txt",
            "0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0",
            "x".repeat(255),
            ("y".repeat(224) + "/").repeat(3) + "z".repeat(225));
    for (String key : keys) {
      assertThat(put(store, key, content(key.length(), 10)).existed()).as(key).isFalse();
    }
    for (String key : keys) {
      assertThat(read(open(), key)).as(key).isEqualTo(content(key.length(), 10));
      assertThat(keys(store, key, null, 10)).contains(key);
      assertThat(store.copy(key, "copy-of/" + key.length()).size()).isEqualTo(10);
    }
    assertThat(store.delete(keys)).hasSameSizeAs(keys);
    assertThat(keys(store, "", null, 100)).allMatch(key -> key.startsWith("copy-of/"));
  }

  @Test
  default void whatIsNoKeyIsRefusedByEveryVerb() {
    BlobStore store = open();
    put(store, "good", content(1, 1));
    List<String> malformed =
        List.of(
            "",
            "/",
            "/a",
            "a/",
            "a//b",
            ".",
            "..",
            "../a",
            "a/..",
            "a/../b",
            "a/./b",
            ".a",
            "a/.b",
            "a b",
            "a\0b",
            "a\nb",
            "a\\b",
            "ä",
            "a*",
            "a%2F",
            "x".repeat(256),
            ("y".repeat(224) + "/").repeat(3) + "z".repeat(226));
    for (String key : malformed) {
      refused(() -> put(store, key, content(1, 1)));
      refused(() -> store.read(key, 0, 1));
      refused(() -> store.head(key));
      refused(() -> store.delete(List.of("good", key)));
      refused(() -> store.copy("good", key));
      refused(() -> store.copy(key, "better"));
    }
    assertThat(keys(store, "", null, 10)).containsExactly("good");
  }

  @Test
  default void moreThanTheLargestObjectIsRefusedAndNothingStored() {
    BlobStore store = open();
    var buffers =
        new ArrayList<>(Collections.nCopies(64, ByteBuffer.allocate(1 << 20).asReadOnlyBuffer()));
    buffers.add(ByteBuffer.allocate(1));

    refused(() -> store.create("too/large", buffers));

    assertThat(store.head("too/large")).isEmpty();
    assertThat(keys(store, "", null, 10)).isEmpty();
  }

  @Test
  default void numbersBeyondTheLimitsAreRefused() {
    BlobStore store = open();
    put(store, "good", content(1, 1));

    refused(() -> store.list("", null, 0));
    refused(() -> store.list("", null, 1_001));
    refused(() -> store.read("good", -1, 1));
    refused(() -> store.read("good", 0, -1));
    refused(() -> store.delete(Collections.nCopies(BlobStore.MAX_DELETE_KEYS + 1, "good")));

    assertThat(keys(store, "", null, 10)).containsExactly("good");
  }

  @Test
  default void aPlaceThatIsGoneDoesNotLookEmpty() {
    BlobStore missing = environment().missing();
    assertThat(missing.description()).isNotBlank();

    fails(() -> put(missing, "a/key", content(1, 10)));
    fails(() -> missing.read("a/key", 0, 10));
    fails(() -> missing.head("a/key"));
    fails(() -> missing.list("", null, 10));
    fails(() -> missing.list("a/", "a/b", 10));
    fails(() -> missing.delete(List.of("a/key")));
    fails(() -> missing.copy("a/key", "b"));
    // Nothing made the place again.
    fails(() -> missing.list("", null, 10));
  }

  private static void refused(ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            PermanentFailure.class,
            failure -> {
              assertThat(failure.kind()).isEqualTo(Kind.INVALID);
              assertThat(failure.getMessage()).contains("expected").doesNotContain("\n");
            });
  }

  private static void fails(ThrowingCallable call) {
    assertThatThrownBy(call).isInstanceOfAny(TransientFailure.class, PermanentFailure.class);
  }
}
