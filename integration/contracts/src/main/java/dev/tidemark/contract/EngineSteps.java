package dev.tidemark.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tidemark.core.engine.RunToken;
import dev.tidemark.core.engine.Shard;
import dev.tidemark.core.engine.Source;
import dev.tidemark.core.engine.Source.Progress;
import dev.tidemark.core.engine.StorageEngine;
import dev.tidemark.core.engine.Target.TargetUnit;
import dev.tidemark.core.engine.Target.UnitWriter;
import dev.tidemark.core.engine.UnitReader;
import dev.tidemark.core.engine.UnitReader.SourceFile;
import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.failure.PermanentFailure.Kind;
import dev.tidemark.core.tree.EntryPath;
import dev.tidemark.core.tree.FileMeta;
import dev.tidemark.core.tree.FileType;
import dev.tidemark.core.vault.VaultKeys;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** The steps that tests of an engine are made of; each by a client of its own. */
record EngineSteps(StorageEngineEnvironment environment) {
  static final int PIECE = 40_000;
  private static final int PATIENCE = 100;

  /** The key of a unit of several shards. */
  private static final String BIN = VaultKeys.unit("several");

  RunToken run() {
    return new RunToken(environment.deployment(), "aaaaaaaaaaaa");
  }

  RunToken other() {
    return new RunToken(environment.deployment(), "bbbbbbbbbbbb");
  }

  static void refused(ThrowingCallable call) {
    assertThatExceptionOfType(PermanentFailure.class)
        .isThrownBy(call)
        .satisfies(failure -> assertThat(failure.kind()).isEqualTo(Kind.CONFLICT))
        .satisfies(failure -> assertThat(failure.hint()).isNotEmpty());
  }

  Shard shard() {
    return environment.open().catalog().shards(null, 1).get(0);
  }

  static String unit(Shard shard) {
    return VaultKeys.unit(shard.canonicalName());
  }

  /**
   * Shards of one collection on one node; none where the engine gives shards one by one.
   *
   * @return none, or at least two
   */
  List<Shard> several() {
    int most = environment.open().source().shardsPerUnit();
    assertThat(most).isPositive();
    var groups = new LinkedHashMap<String, List<Shard>>();
    for (Shard shard : environment.open().catalog().shards(null, 1_000)) {
      groups
          .computeIfAbsent(shard.collection() + " " + shard.node(), key -> new ArrayList<>())
          .add(shard);
    }
    List<Shard> several =
        groups.values().stream()
            .filter(group -> most > 1 && group.size() > 1)
            .findFirst()
            .orElse(List.of());
    assertThat(several.isEmpty()).as("shards of one collection on one node").isEqualTo(most == 1);
    return several;
  }

  String snapshot(RunToken token, List<Shard> shards) {
    ready(() -> environment.open().source().prepare(token, List.of(shards.get(0).collection())));
    return ready(() -> environment.open().source().snapshot(token, BIN, shards)).name();
  }

  UnitReader open(RunToken token, List<Shard> shards, String snapshot) {
    return environment.open().source().open(token, BIN, shards, snapshot);
  }

  void release(RunToken token, List<Shard> shards, String snapshot) {
    environment.open().source().release(token, BIN, shards, snapshot);
  }

  /** The first shard, under a name that is free. */
  TargetUnit target() {
    Shard shard = shard();
    return new TargetUnit(
        unit(shard), shard, environment.free(), shard.node(), environment.place(), true, false);
  }

  static TargetUnit replacing(TargetUnit unit) {
    return new TargetUnit(
        unit.unit(), unit.source(), unit.collection(), unit.node(), unit.place(), true, true);
  }

  /** Some files of a unit, whatever stands there. */
  static TargetUnit some(TargetUnit unit) {
    return new TargetUnit(
        unit.unit(), unit.source(), unit.collection(), unit.node(), unit.place(), false, true);
  }

  /** Prepares a restore of one unit, and begins it. */
  UnitWriter begin(RunToken token, TargetUnit target) {
    StorageEngine engine = environment.open();
    List<String> collections = List.of(target.source().collection());
    String schema =
        engine
            .source()
            .schema(token, collections)
            .orElseGet(() -> engine.catalog().schema(collections));
    engine.target().prepare(token, schema, List.of(target));
    return environment.open().target().begin(token, target);
  }

  /** What stands at a target, in words. */
  String existing(TargetUnit target) {
    return environment.open().target().rooms(List.of(target)).get(0).existing();
  }

  /** The place of a unit that was begun. */
  String place(RunToken token, TargetUnit target) {
    try (UnitWriter writer = environment.open().target().begin(token, target)) {
      return writer.place();
    }
  }

  void commit(RunToken token, TargetUnit target) {
    environment.open().target().commit(token, target, place(token, target));
  }

  void finish(RunToken token) {
    ready(() -> environment.open().target().finish(token));
  }

  Map<?, String> at(TargetUnit target) {
    return environment.at(target);
  }

  void requireNothingHeld() {
    assertThat(environment.open().catalog().leftovers(environment.deployment())).isEmpty();
  }

  String snapshot(RunToken token, Shard shard) {
    ready(() -> environment.open().source().prepare(token, List.of(shard.collection())));
    return ready(() -> environment.open().source().snapshot(token, unit(shard), List.of(shard)))
        .name();
  }

  Progress ready(Supplier<Progress> asked) {
    for (int i = 0; i < PATIENCE; i++) {
      Progress progress = asked.get();
      if (progress.ready()) {
        return progress;
      }
      environment.pass(progress.delay());
    }
    throw new AssertionError("LATER " + PATIENCE + " times");
  }

  UnitReader reader(RunToken token, Shard shard) {
    String name = snapshot(token, shard);
    Source source = environment.open().source();
    return source.open(token, unit(shard), List.of(shard), name);
  }

  static List<SourceFile> list(UnitReader reader) {
    var files = new ArrayList<SourceFile>();
    try (var listing = reader.list((kind, path, detail) -> {})) {
      listing.forEachRemaining(files::add);
    }
    return files;
  }

  static Map<EntryPath, String> identities(UnitReader reader) {
    var identities = new LinkedHashMap<EntryPath, String>();
    list(reader).forEach(f -> identities.put(f.meta().path(), f.identity()));
    return identities;
  }

  static Map<FileMeta, String> contents(UnitReader reader) {
    var contents = new LinkedHashMap<FileMeta, String>();
    for (SourceFile file : list(reader)) {
      FileMeta meta = file.meta();
      boolean regular = meta.type() == FileType.FILE;
      contents.put(meta, regular ? sha256(bytes(reader, meta)) : "");
    }
    return contents;
  }

  static SourceFile largest(UnitReader reader) {
    SourceFile largest = list(reader).get(0);
    for (SourceFile file : list(reader)) {
      largest = file.meta().size() > largest.meta().size() ? file : largest;
    }
    assertThat(largest.meta().size()).isGreaterThan(100_000);
    return largest;
  }

  static byte[] bytes(UnitReader reader, FileMeta meta) {
    ByteBuffer bytes = ByteBuffer.allocate((int) meta.size());
    try (UnitReader.Content content = reader.open(meta.path())) {
      assertThat(content.read(0, bytes)).isEqualTo(bytes.capacity());
    }
    return bytes.array();
  }

  static List<FileMeta> parents(UnitReader reader, EntryPath path) {
    return list(reader).stream()
        .map(SourceFile::meta)
        .filter(meta -> path.startsWith(meta.path()) && !path.equals(meta.path()))
        .toList();
  }

  /** Writes the first shard to the target, without commit; what was written. */
  Map<?, String> copy(RunToken token, TargetUnit target) {
    try (UnitReader reader = reader(token, shard());
        UnitWriter writer = begin(token, target)) {
      list(reader).forEach(file -> write(reader, file.meta(), writer));
      writer.sync();
      return environment.content(shard(), reader);
    }
  }

  static void write(UnitReader reader, FileMeta meta, UnitWriter writer) {
    if (meta.type() == FileType.FILE) {
      byte[] bytes = bytes(reader, meta);
      for (int offset = 0; offset < bytes.length; offset += PIECE) {
        int length = Math.min(PIECE, bytes.length - offset);
        writer.write(meta.path(), offset, ByteBuffer.wrap(bytes, offset, length));
      }
    }
    writer.end(meta);
  }

  static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }
}
