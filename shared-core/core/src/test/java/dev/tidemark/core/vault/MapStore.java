package dev.tidemark.core.vault;

import dev.tidemark.core.blob.BlobInfo;
import dev.tidemark.core.blob.BlobStore;
import dev.tidemark.core.blob.Checksum;
import dev.tidemark.core.blob.Creation;
import dev.tidemark.core.blob.Deletion;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A store in a map, whose objects a test can damage. */
public final class MapStore implements BlobStore {
  public final TreeMap<String, byte[]> objects = new TreeMap<>();
  public int reads;

  @Override
  public Creation create(String key, List<ByteBuffer> bytes) {
    int size = bytes.stream().mapToInt(ByteBuffer::remaining).sum();
    ByteBuffer joined = ByteBuffer.allocate(size);
    bytes.forEach(part -> joined.put(part.duplicate()));
    byte[] before = objects.putIfAbsent(key, joined.array());
    return new Creation(before != null, size, Checksum.NONE);
  }

  @Override
  public Optional<ByteBuffer> read(String key, long offset, int length) {
    reads++;
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
    String from = after == null || after.compareTo(prefix) < 0 ? prefix : after + "\0";
    return objects.tailMap(from, true).entrySet().stream()
        .takeWhile(entry -> entry.getKey().startsWith(prefix) || entry.getKey().equals(from))
        .filter(entry -> entry.getKey().startsWith(prefix))
        .limit(limit)
        .map(entry -> info(entry.getKey(), entry.getValue()))
        .toList();
  }

  @Override
  public List<Deletion> delete(List<String> keys) {
    return keys.stream()
        .map(
            key ->
                new Deletion(
                    key,
                    objects.remove(key) == null
                        ? Deletion.Outcome.ABSENT
                        : Deletion.Outcome.DELETED,
                    null,
                    ""))
        .toList();
  }

  @Override
  public Creation copy(String from, String to) {
    return create(to, List.of(read(from, 0, Integer.MAX_VALUE).orElseThrow()));
  }

  @Override
  public String description() {
    return "a map";
  }

  /** The bytes of an object that is there. */
  public byte[] bytes(String key) {
    return Objects.requireNonNull(objects.get(key), key);
  }

  /** A copy that can be damaged by itself. */
  public MapStore copy() {
    var copy = new MapStore();
    objects.forEach((key, bytes) -> copy.objects.put(key, bytes.clone()));
    return copy;
  }

  private static BlobInfo info(String key, byte[] bytes) {
    return new BlobInfo(key, bytes.length, Checksum.NONE, "", Instant.EPOCH);
  }
}
