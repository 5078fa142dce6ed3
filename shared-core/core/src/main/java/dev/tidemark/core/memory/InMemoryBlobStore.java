package dev.tidemark.core.memory;

import dev.tidemark.core.blob.BlobInfo;
import dev.tidemark.core.blob.BlobLimits;
import dev.tidemark.core.blob.BlobStore;
import dev.tidemark.core.blob.Checksum;
import dev.tidemark.core.blob.Creation;
import dev.tidemark.core.blob.Deletion;
import dev.tidemark.core.blob.Deletion.Outcome;
import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.failure.PermanentFailure.Kind;
import dev.tidemark.core.failure.TransientFailure;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/**
 * A store in memory, mean in what the port leaves open: pages are short although more follow, lists
 * tell no checksum, deletes cannot tell ABSENT from DELETED, times have whole seconds, what is read
 * is a read-only or an oddly placed buffer, and a key that is also the folder of another is refused
 * (as where keys are paths). Which of them happens depends on the seed and the arguments only, so a
 * simulation repeats itself however its threads interleave.
 */
public final class InMemoryBlobStore implements BlobStore {
  private final Place place;

  /** What the clients of one place share. */
  private static final class Place {
    final InstantSource clock;
    final long seed;
    final ConcurrentSkipListMap<String, Stored> objects = new ConcurrentSkipListMap<>();
    volatile boolean vanished;

    Place(InstantSource clock, long seed) {
      this.clock = clock;
      this.seed = seed;
    }
  }

  private record Stored(ByteBuffer bytes, Checksum checksum, Instant created) {}

  /** A new, empty place. */
  public InMemoryBlobStore(InstantSource clock) {
    this(clock, 1);
  }

  /** A new, empty place whose moods follow from a seed. */
  public InMemoryBlobStore(InstantSource clock, long seed) {
    this(new Place(clock, seed));
  }

  private InMemoryBlobStore(Place place) {
    this.place = place;
  }

  /** Another client of this place. */
  public InMemoryBlobStore client() {
    return new InMemoryBlobStore(place);
  }

  /** Takes the place away from all clients, as an unmounted disk or a deleted bucket would be. */
  public void vanish() {
    place.vanished = true;
  }

  @Override
  public Creation create(String key, List<ByteBuffer> bytes) {
    BlobLimits.requireKey(key);
    long size = BlobLimits.requireSize(key, bytes);
    requirePlace(key);
    ByteBuffer copy = ByteBuffer.allocate((int) size);
    bytes.forEach(buffer -> copy.put(buffer.duplicate()));
    return put(key, new Stored(copy.flip(), Checksum.crc32c(bytes), now()));
  }

  private Creation put(String key, Stored stored) {
    requireNoFolder(key);
    Stored before = place.objects.putIfAbsent(key, stored);
    Stored object = before == null ? stored : before;
    return new Creation(before != null, object.bytes().limit(), object.checksum());
  }

  @Override
  public Optional<ByteBuffer> read(String key, long offset, int length) {
    BlobLimits.requireKey(key);
    BlobLimits.requireRange(key, offset, length);
    requirePlace(key);
    Stored stored = place.objects.get(key);
    if (stored == null) {
      return Optional.empty();
    }
    int size = stored.bytes().limit();
    int from = (int) Math.min(offset, size);
    ByteBuffer part = stored.bytes().slice(from, Math.min(length, size - from));
    if (mood(3, key, offset, length) == 0) {
      return Optional.of(part.asReadOnlyBuffer());
    }
    int margin = mood(5, key, length, offset);
    ByteBuffer copy = ByteBuffer.allocate(part.remaining() + 2 * margin);
    copy.position(margin).limit(margin + part.remaining());
    copy.put(copy.position(), part, 0, part.remaining());
    return Optional.of(margin % 2 == 0 ? copy : copy.slice());
  }

  @Override
  public Optional<BlobInfo> head(String key) {
    BlobLimits.requireKey(key);
    requirePlace(key);
    return Optional.ofNullable(place.objects.get(key))
        .map(stored -> info(key, stored, stored.checksum()));
  }

  @Override
  public List<BlobInfo> list(String prefix, @Nullable String after, int limit) {
    BlobLimits.requirePage(prefix, limit);
    requirePlace(prefix);
    NavigableMap<String, Stored> from =
        after != null && after.compareTo(prefix) >= 0
            ? place.objects.tailMap(after, false)
            : place.objects.tailMap(prefix, true);
    int most = mood(2, prefix, after, limit) == 0 ? limit : 1 + mood(limit, after, prefix, limit);
    List<BlobInfo> page = new ArrayList<>();
    for (Map.Entry<String, Stored> each : from.entrySet()) {
      if (page.size() == most || !each.getKey().startsWith(prefix)) {
        break;
      }
      page.add(info(each.getKey(), each.getValue(), Checksum.NONE));
    }
    return page;
  }

  @Override
  public List<Deletion> delete(List<String> keys) {
    BlobLimits.requireDeletable(keys);
    requirePlace("delete");
    List<Deletion> outcomes = new ArrayList<>();
    for (String key : keys) {
      boolean there = place.objects.remove(key) != null;
      boolean tells = mood(2, key, "delete") == 0;
      outcomes.add(new Deletion(key, there || !tells ? Outcome.DELETED : Outcome.ABSENT, null, ""));
    }
    return outcomes;
  }

  @Override
  public Creation copy(String from, String to) {
    BlobLimits.requireKey(from);
    BlobLimits.requireKey(to);
    requirePlace(from);
    Stored source = place.objects.get(from);
    if (source == null) {
      throw PermanentFailure.of(Kind.NOT_FOUND, "object " + from)
          .expected("an object to copy to " + to)
          .found("none in " + description());
    }
    return put(to, new Stored(source.bytes(), source.checksum(), now()));
  }

  @Override
  public String description() {
    return "memory";
  }

  private static BlobInfo info(String key, Stored stored, Checksum checksum) {
    return new BlobInfo(key, stored.bytes().limit(), checksum, "", stored.created());
  }

  private void requirePlace(String subject) {
    if (place.vanished) {
      throw new TransientFailure(description() + " is gone (asked for '" + subject + "')");
    }
  }

  private void requireNoFolder(String key) {
    for (int slash = key.indexOf('/'); slash >= 0; slash = key.indexOf('/', slash + 1)) {
      if (place.objects.containsKey(key.substring(0, slash))) {
        throw folder(key, key.substring(0, slash));
      }
    }
    String inside = place.objects.higherKey(key + "/");
    if (inside != null && inside.startsWith(key + "/")) {
      throw folder(key, inside);
    }
  }

  private static PermanentFailure folder(String key, String other) {
    return PermanentFailure.of(Kind.INVALID, "object " + key)
        .expected("no object whose key is the folder of another's")
        .found("object " + other);
  }

  private Instant now() {
    return place.clock.instant().truncatedTo(ChronoUnit.SECONDS);
  }

  /** From 0 to {@code choices} - 1: a matter of seed and arguments. */
  private int mood(int choices, @Nullable Object... arguments) {
    long mixed = (place.seed * 31 + Objects.hash(arguments)) * 0x9E3779B97F4A7C15L;
    return (int) ((mixed >>> 33) % choices);
  }
}
