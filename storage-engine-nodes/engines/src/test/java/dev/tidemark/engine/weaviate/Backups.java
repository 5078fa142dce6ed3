package dev.tidemark.engine.weaviate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.core.engine.RunToken;
import dev.tidemark.core.engine.Shard;
import dev.tidemark.core.engine.Source.Progress;
import dev.tidemark.core.engine.StorageEngine;
import dev.tidemark.core.engine.UnitReader;
import dev.tidemark.core.engine.UnitReader.SourceFile;
import dev.tidemark.core.failure.TransientFailure;
import dev.tidemark.core.tree.FileMeta;
import dev.tidemark.core.vault.VaultKeys;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** The steps of a backup, as the flow takes them, each by what a new process would have. */
final class Backups {
  private static final AtomicInteger RUNS = new AtomicInteger();
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  final RunToken token = new RunToken("t", "run%09d".formatted(RUNS.incrementAndGet()));
  private final Supplier<StorageEngine> engine;

  Backups(Supplier<StorageEngine> engine) {
    this.engine = engine;
  }

  /** Prepares until it is ready. */
  Progress prepare(String... collections) {
    return ready(() -> engine.get().source().prepare(token, List.of(collections)));
  }

  static Progress ready(Supplier<Progress> asked) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    String why = "";
    while (System.nanoTime() < end) {
      Progress progress = again(asked);
      if (progress.ready()) {
        return progress;
      }
      why = progress.why();
      sleep(progress.delay());
    }
    throw new AssertionError("never ready: " + why);
  }

  /** As the flow does with what may pass. */
  private static Progress again(Supplier<Progress> asked) {
    try {
      return asked.get();
    } catch (TransientFailure e) {
      return Progress.later(Duration.ofMillis(500), String.valueOf(e.getMessage()));
    }
  }

  static void sleep(Duration time) {
    try {
      TimeUnit.MILLISECONDS.sleep(time.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** The run's shards. */
  List<Shard> shards() {
    return engine.get().source().shards(token, null, 1_000).orElseThrow();
  }

  UnitReader open(Shard shard) {
    String unit = VaultKeys.unit(shard.canonicalName());
    List<Shard> shards = List.of(shard);
    Progress taken = ready(() -> engine.get().source().snapshot(token, unit, shards));
    return engine.get().source().open(token, unit, shards, taken.name());
  }

  /** All files of all shards, by "shard's name: path". */
  Map<String, byte[]> files() {
    Map<String, byte[]> files = new TreeMap<>();
    for (Shard shard : shards()) {
      try (UnitReader reader = open(shard)) {
        for (SourceFile file : list(reader)) {
          files.put(shard.canonicalName() + ": " + file.meta().path(), bytes(reader, file.meta()));
        }
      }
    }
    return files;
  }

  static List<SourceFile> list(UnitReader reader) {
    List<SourceFile> files = new ArrayList<>();
    try (var listing = reader.list((kind, path, detail) -> {})) {
      listing.forEachRemaining(files::add);
    }
    return files;
  }

  static byte[] bytes(UnitReader reader, FileMeta meta) {
    ByteBuffer bytes = ByteBuffer.allocate((int) meta.size());
    try (UnitReader.Content content = reader.open(meta.path())) {
      assertThat(content.read(0, bytes)).isEqualTo(bytes.capacity());
    }
    return bytes.array();
  }

  /** The ids of objects that are in the segments of a shard's objects. */
  static Set<String> objectsIn(Map<String, byte[]> files, String shard, List<String> ids) {
    Set<String> found = new HashSet<>();
    files.forEach(
        (name, bytes) -> {
          if (name.startsWith(shard + ": lsm/objects/") && name.endsWith(".db")) {
            var content = new String(bytes, StandardCharsets.ISO_8859_1);
            for (String id : ids) {
              if (!found.contains(id) && content.contains(key(id))) {
                found.add(id);
              }
            }
          }
        });
    return found;
  }

  /** The sixteen bytes under which a server keeps an object. */
  private static String key(String id) {
    var uuid = UUID.fromString(id);
    byte[] key =
        ByteBuffer.allocate(16)
            .putLong(uuid.getMostSignificantBits())
            .putLong(uuid.getLeastSignificantBits())
            .array();
    return new String(key, StandardCharsets.ISO_8859_1);
  }

  /** Gives up everything, as the flow does until it succeeds. */
  void release() {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      try {
        engine.get().source().releaseAll(token);
        assertThat(engine.get().catalog().leftovers(token.deployment()))
            .noneMatch(name -> name.startsWith(token.name()));
        return;
      } catch (TransientFailure e) {
        if (System.nanoTime() > end) {
          throw e;
        }
        sleep(Duration.ofSeconds(1));
      }
    }
  }
}
