package dev.tidemark.core.memory;

import dev.tidemark.core.blob.BlobLimits;
import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.failure.PermanentFailure.Kind;
import dev.tidemark.core.failure.TransientFailure;
import dev.tidemark.core.staging.Expiry;
import dev.tidemark.core.staging.StagedObject;
import dev.tidemark.core.staging.StagedPart;
import dev.tidemark.core.staging.StagingArea;
import dev.tidemark.core.staging.StagingLimits;
import dev.tidemark.core.staging.Upload;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
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
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A staging area in memory, mean in what the port leaves open: pages are short although more
 * follow, times have whole seconds, what is read is a read-only buffer at times, there are no
 * addresses to read at, an upload that is completed a second time is gone, and everything older
 * than {@link StagingArea#KEPT} vanishes.
 */
public final class InMemoryStagingArea implements StagingArea {
  private final Place place;

  private static final class Place {
    final InstantSource clock;
    final long seed;
    final ConcurrentSkipListMap<String, Stored> objects = new ConcurrentSkipListMap<>();
    final ConcurrentSkipListMap<String, Open> uploads = new ConcurrentSkipListMap<>();
    final AtomicLong numbers = new AtomicLong();
    volatile boolean vanished;

    Place(InstantSource clock, long seed) {
      this.clock = clock;
      this.seed = seed;
    }
  }

  private record Stored(ByteBuffer bytes, String version, Instant written) {}

  private record Open(Upload upload, ConcurrentSkipListMap<Integer, Stored> parts) {}

  /** A new, empty place whose moods follow from a seed. */
  public InMemoryStagingArea(InstantSource clock, long seed) {
    this(new Place(clock, seed));
  }

  private InMemoryStagingArea(Place place) {
    this.place = place;
  }

  /** Another client of this place. */
  public InMemoryStagingArea client() {
    return new InMemoryStagingArea(place);
  }

  /** Takes the place away from all clients. */
  public void vanish() {
    place.vanished = true;
  }

  @Override
  public void put(String key, List<ByteBuffer> bytes) {
    BlobLimits.requireKey(key);
    StagingLimits.requireSize(key, bytes);
    requirePlace(key);
    place.objects.put(key, stored(bytes));
  }

  private Stored stored(List<ByteBuffer> bytes) {
    var copy = ByteBuffer.allocate(bytes.stream().mapToInt(ByteBuffer::remaining).sum());
    bytes.forEach(each -> copy.put(each.duplicate()));
    return new Stored(copy.flip(), "v" + place.numbers.incrementAndGet(), now());
  }

  @Override
  public Optional<ByteBuffer> read(String key, long offset, int length) {
    BlobLimits.requireKey(key);
    BlobLimits.requireRange(key, offset, length);
    requirePlace(key);
    return Optional.ofNullable(place.objects.get(key)).map(object -> range(object, offset, length));
  }

  private ByteBuffer range(Stored object, long offset, int length) {
    int size = object.bytes().limit();
    int from = (int) Math.min(offset, size);
    ByteBuffer part = object.bytes().slice(from, Math.min(length, size - from));
    if (mood(2, offset, length) == 0) {
      return part.asReadOnlyBuffer();
    }
    return ByteBuffer.allocate(part.remaining()).put(part).flip();
  }

  @Override
  public Optional<StagedObject> head(String key) {
    BlobLimits.requireKey(key);
    requirePlace(key);
    return Optional.ofNullable(place.objects.get(key)).map(object -> staged(key, object));
  }

  private static StagedObject staged(String key, Stored object) {
    return new StagedObject(key, object.bytes().limit(), object.version(), object.written());
  }

  @Override
  public List<StagedObject> list(String prefix, @Nullable String after, int limit) {
    BlobLimits.requirePage(prefix, limit);
    requirePlace(prefix);
    NavigableMap<String, Stored> from =
        after != null && after.compareTo(prefix) >= 0
            ? place.objects.tailMap(after, false)
            : place.objects.tailMap(prefix, true);
    int most = mood(2, prefix, after, limit) == 0 ? limit : 1 + mood(limit, after, prefix);
    List<StagedObject> page = new ArrayList<>();
    for (Map.Entry<String, Stored> each : from.entrySet()) {
      if (page.size() == most || !each.getKey().startsWith(prefix)) {
        break;
      }
      page.add(staged(each.getKey(), each.getValue()));
    }
    return page;
  }

  @Override
  public void delete(List<String> keys) {
    StagingLimits.requireDeletable(keys);
    keys.forEach(BlobLimits::requireKey);
    requirePlace("delete");
    keys.forEach(place.objects::remove);
  }

  @Override
  public Upload begin(String key) {
    BlobLimits.requireKey(key);
    requirePlace(key);
    var upload = new Upload(key, "u" + place.numbers.incrementAndGet(), now());
    place.uploads.put(name(upload), new Open(upload, new ConcurrentSkipListMap<>()));
    return upload;
  }

  private static String name(Upload upload) {
    return upload.key() + " " + upload.id();
  }

  private Open open(Upload upload) {
    requirePlace(upload.key());
    Open open = place.uploads.get(name(upload));
    if (open == null) {
      throw new UploadGone(upload, null);
    }
    return open;
  }

  @Override
  public StagedPart part(Upload upload, int number, List<ByteBuffer> bytes) {
    StagingLimits.requireNumber(upload, number);
    StagingLimits.requireSize(upload.key(), bytes);
    Stored stored = stored(bytes);
    open(upload).parts().put(number, stored);
    return part(number, stored);
  }

  private static StagedPart part(int number, Stored stored) {
    return new StagedPart(number, stored.bytes().limit(), stored.version());
  }

  @Override
  public List<StagedPart> parts(Upload upload) {
    List<StagedPart> parts = new ArrayList<>();
    open(upload).parts().forEach((number, stored) -> parts.add(part(number, stored)));
    return parts;
  }

  @Override
  public void complete(Upload upload, List<StagedPart> parts) {
    Open open = open(upload);
    StagingLimits.requireWhole(upload, parts);
    List<ByteBuffer> bytes = new ArrayList<>();
    for (StagedPart part : parts) {
      Stored stored = open.parts().get(part.number());
      if (stored == null || !part(part.number(), stored).equals(part)) {
        throw PermanentFailure.of(Kind.INVALID, "upload of " + upload.key())
            .expected("part %d as %s".formatted(part.number(), part.tag()))
            .found(stored == null ? "none" : stored.version());
      }
      bytes.add(stored.bytes());
    }
    place.objects.put(upload.key(), stored(bytes));
    place.uploads.remove(name(upload));
  }

  @Override
  public void abort(Upload upload) {
    requirePlace(upload.key());
    place.uploads.remove(name(upload));
  }

  @Override
  public List<Upload> uploads(String prefix, Instant before) {
    requirePlace(prefix);
    return place.uploads.values().stream()
        .map(Open::upload)
        .filter(each -> each.key().startsWith(prefix) && each.begun().isBefore(before))
        .toList();
  }

  @Override
  public Optional<URI> readUrl(String key, Duration life) {
    BlobLimits.requireKey(key);
    StagingLimits.requireLife(key, life);
    return Optional.empty();
  }

  @Override
  public Expiry expiry(String prefix) {
    requirePlace(prefix);
    return new Expiry(KEPT, KEPT, "");
  }

  @Override
  public String description() {
    return "memory";
  }

  private void requirePlace(String subject) {
    if (place.vanished) {
      throw new TransientFailure(description() + " is gone (asked for '" + subject + "')");
    }
    Instant old = now().minus(KEPT);
    place.objects.values().removeIf(each -> each.written().isBefore(old));
    place.uploads.values().removeIf(each -> each.upload().begun().isBefore(old));
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
