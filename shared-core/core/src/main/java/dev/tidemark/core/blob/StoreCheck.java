package dev.tidemark.core.blob;

import dev.tidemark.core.blob.Deletion.Outcome;
import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.failure.TransientFailure;
import dev.tidemark.core.time.Ids;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Tries out whether a live store keeps the promises on which a vault relies. Writes a few small
 * objects under {@code probe/}, with random names, and deletes them; touches nothing else.
 */
public final class StoreCheck {
  /** Retention refuses to act where the clocks of host and store are further apart. */
  public static final Duration MAX_CLOCK_SKEW = Duration.ofMinutes(5);

  private static final int RACERS = 8;
  private static final int RACES = 3;
  private static final String LISTED = "probe/listed";

  private final BlobStore store;
  private final InstantSource clock;
  private final String random;
  private final Set<String> created = new ConcurrentSkipListSet<>();

  /**
   * One promise, tried.
   *
   * @param name like {@code create-only}
   * @param detail what was found, or why it failed; a sentence for a person
   */
  public record Finding(String name, boolean passed, String detail) {}

  /** All promises, in the order in which they were tried. */
  public record Report(List<Finding> findings) {
    public boolean passed() {
      return findings.stream().allMatch(Finding::passed);
    }
  }

  /** A broken promise. */
  private static final class Broken extends Exception {
    private static final long serialVersionUID = 1L;

    Broken(String message) {
      super(message);
    }
  }

  /** Answers what is worth telling of a kept promise. */
  private interface Promise {
    String test() throws Broken;
  }

  public StoreCheck(BlobStore store, InstantSource clock, Ids ids) {
    this.store = store;
    this.clock = clock;
    this.random = ids.text(20);
  }

  /** Tries all promises; a store that fails altogether is a report of failures. To be run once. */
  public Report run() {
    List<Finding> findings = new ArrayList<>();
    findings.add(tried("read-after-create", this::readsWhatWasCreated));
    findings.add(tried("ranges", this::readsExactRanges));
    findings.add(tried("create-only", this::createsOnce));
    findings.add(tried("racing-creators", this::letsOneRacerWin));
    findings.add(tried("list-after-create", this::listsInOrder));
    findings.add(tried("copy", this::copies));
    findings.add(tried("clock", this::clockAgrees));
    findings.add(tried("delete", this::deletes));
    findings.add(tried("clean-up", this::cleansUp));
    return new Report(List.copyOf(findings));
  }

  private static Finding tried(String name, Promise promise) {
    try {
      return new Finding(name, true, promise.test());
    } catch (Broken | TransientFailure | PermanentFailure e) {
      return new Finding(name, false, String.valueOf(e.getMessage()));
    }
  }

  private String readsWhatWasCreated() throws Broken {
    for (int size : new int[] {0, 1, 100_000}) {
      String key = key("read-" + size);
      require(store.head(key).isEmpty(), key + " is there before it was created");
      ByteBuffer bytes = bytes(size, size);
      Creation creation = create(key, bytes);
      require(!creation.existed(), key + " existed before it was created");
      require(creation.size() == size, key + " was created with " + creation.size() + " bytes");
      requireContent(key, bytes);
      Optional<BlobInfo> info = store.head(key);
      require(
          info.isPresent() && info.get().size() == size,
          key + " of " + size + " bytes has the head " + info);
    }
    return "objects are there, whole, as soon as they are created";
  }

  private String readsExactRanges() throws Broken {
    String key = key("ranges");
    ByteBuffer bytes = bytes(1, 10_000);
    create(key, bytes);
    requireRange(key, 0, 1, bytes.slice(0, 1));
    requireRange(key, 4_095, 2, bytes.slice(4_095, 2));
    requireRange(key, 9_990, 100, bytes.slice(9_990, 10));
    requireRange(key, 10_000, 10, ByteBuffer.allocate(0));
    requireRange(key, 20_000, 10, ByteBuffer.allocate(0));
    return "parts of objects are read exactly, also at and past the end";
  }

  private void requireRange(String key, long offset, int length, ByteBuffer expected)
      throws Broken {
    Optional<ByteBuffer> found = store.read(key, offset, length);
    require(
        found.isPresent() && found.get().equals(expected),
        "%d bytes from %d of %s are not the ones that were stored".formatted(length, offset, key));
  }

  private String createsOnce() throws Broken {
    String key = key("once");
    create(key, bytes(1, 1_000));
    Creation second = create(key, bytes(2, 2_000));
    requireContent(key, bytes(1, 1_000));
    require(
        second.existed() && second.size() == 1_000,
        "a second create of " + key + " was answered by " + second);
    return "an object that exists is not overwritten";
  }

  private String letsOneRacerWin() throws Broken {
    ExecutorService threads = Executors.newFixedThreadPool(RACERS);
    try {
      for (int race = 0; race < RACES; race++) {
        race(threads, key("race-" + race));
      }
    } finally {
      threads.shutdownNow();
    }
    return "of " + RACERS + " creators at once exactly one creates";
  }

  private void race(ExecutorService threads, String key) throws Broken {
    List<Callable<Creation>> racers = new ArrayList<>();
    for (int i = 0; i < RACERS; i++) {
      int size = 1_000 + i;
      racers.add(() -> create(key, bytes(size, size)));
    }
    List<Creation> answers = new ArrayList<>();
    try {
      for (Future<Creation> each : threads.invokeAll(racers)) {
        answers.add(each.get());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new TransientFailure("interrupted while creators raced for " + key, e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      throw new IllegalStateException(e);
    }
    List<Creation> winners = answers.stream().filter(answer -> !answer.existed()).toList();
    require(winners.size() == 1, winners.size() + " of " + RACERS + " creators created " + key);
    int size = (int) winners.get(0).size();
    requireContent(key, bytes(size, size));
    require(
        answers.stream().allMatch(answer -> answer.size() == size),
        "creators that raced for " + key + " were told of different objects");
  }

  private String listsInOrder() throws Broken {
    var expected = new TreeSet<String>();
    for (String name : List.of("-b", "-B", ".b", "/b", "0", "A", "_", "a", "a-b", "a.b", "a0")) {
      String key = listed(name);
      create(key, bytes(1, 1));
      expected.add(key);
      require(keys(key, 1_000).contains(key), key + " is not listed after it was created");
    }
    for (int limit : new int[] {1, 4, 1_000}) {
      List<String> found = keys(LISTED, limit);
      found.removeIf(key -> !key.endsWith(random));
      require(
          found.equals(List.copyOf(expected)),
          "in pages of %d the keys are %s, not %s".formatted(limit, found, expected));
    }
    return "keys are listed at once, all, in byte order";
  }

  private String copies() throws Broken {
    create(key("copy-from"), bytes(1, 1_000));
    create(key("copy-onto"), bytes(2, 2_000));
    created.add(key("copy-to"));
    Creation copy = store.copy(key("copy-from"), key("copy-to"));
    require(!copy.existed() && copy.size() == 1_000, "a copy was answered by " + copy);
    requireContent(key("copy-to"), bytes(1, 1_000));
    Creation onto = store.copy(key("copy-from"), key("copy-onto"));
    requireContent(key("copy-onto"), bytes(2, 2_000));
    require(onto.existed(), "a copy onto an object was answered by " + onto);
    return "objects are copied, and copies overwrite nothing";
  }

  private String clockAgrees() throws Broken {
    String key = key("clock");
    Instant before = clock.instant();
    create(key, bytes(1, 1));
    Instant after = clock.instant();
    Optional<BlobInfo> info = store.head(key);
    require(info.isPresent(), key + " is not there after it was created");
    Instant created = info.orElseThrow().created();
    Duration skew =
        created.isBefore(before)
            ? Duration.between(created, before)
            : created.isAfter(after) ? Duration.between(after, created) : Duration.ZERO;
    require(
        skew.compareTo(MAX_CLOCK_SKEW) <= 0,
        "the store's clock says %s, the host's %s: set the host's clock".formatted(created, after));
    return "the clocks of store and host differ by less than " + (skew.toSeconds() + 2) + " s";
  }

  private String deletes() throws Broken {
    List<String> keys = List.of(key("delete-1"), key("delete-none"), key("delete-2"));
    create(keys.get(0), bytes(1, 1));
    create(keys.get(2), bytes(1, 1));
    List<Deletion> outcomes = store.delete(keys);
    require(
        outcomes.stream().map(Deletion::key).toList().equals(keys),
        "a delete of %s was answered by %s".formatted(keys, outcomes));
    for (Deletion each : outcomes) {
      boolean there = store.head(each.key()).isPresent() || !keys(each.key(), 10).isEmpty();
      switch (each.outcome()) {
        case DELETED, ABSENT -> require(!there, each.key() + " is there after its delete");
        case RETAINED -> require(there, each.key() + " is retained but gone");
        case FAILED -> throw new Broken(each.key() + " cannot be deleted: " + each.detail());
      }
    }
    require(outcomes.get(0).outcome() != Outcome.ABSENT, keys.get(0) + " was absent when deleted");
    boolean retained = outcomes.get(0).outcome() == Outcome.RETAINED;
    return retained ? "new objects are retained by a lock" : "deleted objects are gone at once";
  }

  private String cleansUp() throws Broken {
    List<String> keys = List.copyOf(created);
    List<Deletion> kept = new ArrayList<>();
    for (int from = 0; from < keys.size(); from += BlobStore.MAX_DELETE_KEYS) {
      int to = Math.min(keys.size(), from + BlobStore.MAX_DELETE_KEYS);
      kept.addAll(store.delete(keys.subList(from, to)));
    }
    kept.removeIf(each -> each.outcome() == Outcome.DELETED || each.outcome() == Outcome.ABSENT);
    for (Deletion each : kept) {
      require(each.outcome() == Outcome.RETAINED, each.key() + " is left behind: " + each.detail());
    }
    return kept.isEmpty()
        ? "nothing is left behind"
        : kept.size() + " small objects under probe/ stay until their lock ends";
  }

  /** All keys that begin so, in the store's own order. */
  private List<String> keys(String start, int limit) throws Broken {
    List<String> keys = new ArrayList<>();
    String after = null;
    while (true) {
      List<BlobInfo> page = store.list(start, after, limit);
      if (page.isEmpty()) {
        return keys;
      }
      require(page.size() <= limit, "a page of " + limit + " keys has " + page.size());
      page.forEach(each -> keys.add(each.key()));
      String last = keys.get(keys.size() - 1);
      require(isAfter(last, after), "a page after " + after + " ends at " + last);
      after = last;
    }
  }

  private static boolean isAfter(String key, @Nullable String after) {
    return after == null || key.compareTo(after) > 0;
  }

  private void requireContent(String key, ByteBuffer expected) throws Broken {
    Optional<ByteBuffer> found = store.read(key, 0, expected.remaining() + 1);
    require(found.isPresent(), key + " is not there after it was created");
    require(
        found.orElseThrow().equals(expected), key + " does not hold the bytes that it should hold");
  }

  private Creation create(String key, ByteBuffer bytes) {
    created.add(key);
    return store.create(key, List.of(bytes));
  }

  private String key(String name) {
    return "probe/" + random + "-" + name;
  }

  /** Random at its end, so that in a file system only one folder is ever made for it. */
  private String listed(String name) {
    return LISTED + name + random;
  }

  private static ByteBuffer bytes(int seed, int size) {
    ByteBuffer bytes = ByteBuffer.allocate(size);
    for (int i = 0; i < size; i++) {
      bytes.put((byte) (((seed + i) * 0x9E3779B1) >>> 24));
    }
    return bytes.flip();
  }

  private static void require(boolean held, String otherwise) throws Broken {
    if (!held) {
      throw new Broken(otherwise);
    }
  }
}
