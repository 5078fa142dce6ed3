package dev.tidemark.contract.blob;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.contract.Race;
import dev.tidemark.core.blob.BlobInfo;
import dev.tidemark.core.blob.BlobStore;
import dev.tidemark.core.blob.Creation;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** What the tests of all verbs stand on. */
public interface OnAStore {

  /** The same environment throughout a test, a new one for the next. */
  BlobStoreEnvironment environment();

  /** A client of its own. */
  default BlobStore open() {
    return environment().open();
  }

  /** Bytes that follow from a seed. */
  static byte[] content(long seed, int size) {
    var bytes = new byte[size];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  static Creation put(BlobStore store, String key, byte[] bytes) {
    return store.create(key, List.of(ByteBuffer.wrap(bytes)));
  }

  /** The whole object in one read. */
  static byte[] read(BlobStore store, String key) {
    return bytes(store.read(key, 0, (int) BlobStore.MAX_OBJECT_BYTES).orElseThrow());
  }

  static byte[] bytes(ByteBuffer buffer) {
    var bytes = new byte[buffer.remaining()];
    buffer.get(bytes);
    return bytes;
  }

  /** All keys under a prefix, in pages of {@code limit}. */
  static List<String> keys(BlobStore store, String prefix, @Nullable String after, int limit) {
    List<String> keys = new ArrayList<>();
    String last = after;
    while (true) {
      List<BlobInfo> page = store.list(prefix, last, limit);
      assertThat(page).hasSizeLessThanOrEqualTo(limit);
      if (page.isEmpty()) {
        return keys;
      }
      page.forEach(each -> keys.add(each.key()));
      last = keys.get(keys.size() - 1);
    }
  }

  /** Runs tasks on a thread each, which all start together, and answers their results in order. */
  static <T> List<T> atOnce(List<? extends Callable<T>> tasks) throws Exception {
    return Race.of(tasks.size(), tasks::get);
  }
}
