package dev.tidemark.contract.audit;

import dev.tidemark.core.blob.BlobInfo;
import dev.tidemark.core.blob.BlobStore;
import dev.tidemark.core.blob.Checksum;
import dev.tidemark.core.blob.Creation;
import dev.tidemark.core.blob.Deletion;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A vault that was read from a folder into memory, to be read only. */
final class FolderStore implements BlobStore {
  final TreeMap<String, byte[]> objects = new TreeMap<>();

  static FolderStore read(Path folder) throws IOException {
    var store = new FolderStore();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String key = folder.relativize(file).toString().replace('\\', '/');
        store.objects.put(key, Files.readAllBytes(file));
      }
    }
    return store;
  }

  byte[] take(String key) {
    return Objects.requireNonNull(objects.remove(key), key);
  }

  @Override
  public Optional<ByteBuffer> read(String key, long offset, int length) {
    byte[] object = objects.get(key);
    if (object == null) {
      return Optional.empty();
    }
    int from = (int) Math.min(offset, object.length);
    int to = (int) Math.min(offset + length, object.length);
    return Optional.of(ByteBuffer.wrap(object, from, to - from).slice());
  }

  @Override
  public Optional<BlobInfo> head(String key) {
    return Optional.ofNullable(objects.get(key)).map(bytes -> info(key, bytes));
  }

  @Override
  public List<BlobInfo> list(String prefix, @Nullable String after, int limit) {
    return objects.entrySet().stream()
        .filter(object -> object.getKey().startsWith(prefix))
        .filter(object -> after == null || object.getKey().compareTo(after) > 0)
        .limit(limit)
        .map(object -> info(object.getKey(), object.getValue()))
        .toList();
  }

  @Override
  public Creation create(String key, List<ByteBuffer> bytes) {
    throw new UnsupportedOperationException("an audit only reads");
  }

  @Override
  public List<Deletion> delete(List<String> keys) {
    throw new UnsupportedOperationException("an audit only reads");
  }

  @Override
  public Creation copy(String from, String to) {
    throw new UnsupportedOperationException("an audit only reads");
  }

  @Override
  public String description() {
    return "a folder in memory";
  }

  private static BlobInfo info(String key, byte[] bytes) {
    return new BlobInfo(key, bytes.length, Checksum.NONE, "", Instant.EPOCH);
  }
}
