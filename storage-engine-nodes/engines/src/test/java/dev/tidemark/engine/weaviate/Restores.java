package dev.tidemark.engine.weaviate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.core.engine.RunToken;
import dev.tidemark.core.engine.Shard;
import dev.tidemark.core.engine.Source.Progress;
import dev.tidemark.core.engine.StorageEngine;
import dev.tidemark.core.engine.Target.TargetUnit;
import dev.tidemark.core.engine.Target.UnitWriter;
import dev.tidemark.core.engine.UnitReader;
import dev.tidemark.core.tree.FileMeta;
import dev.tidemark.core.vault.VaultKeys;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/** The steps of a restore, as the flow takes them, each by what a new process would have. */
final class Restores {
  private static final AtomicInteger RUNS = new AtomicInteger();
  private static final int PIECE = 100_000;

  final RunToken token = new RunToken("t", "restore%05d".formatted(RUNS.incrementAndGet()));
  private final Supplier<StorageEngine> source;
  private final Backups backup;
  private final Supplier<StorageEngine> target;
  private final UnaryOperator<String> names;
  private boolean replace;
  private String only = "";
  private String node = "";

  /**
   * @param source of the cluster that the backup is of
   */
  Restores(
      Supplier<StorageEngine> source,
      Backups backup,
      Supplier<StorageEngine> target,
      UnaryOperator<String> names) {
    this.source = source;
    this.backup = backup;
    this.target = target;
    this.names = names;
  }

  Restores replacing() {
    replace = true;
    return this;
  }

  /** Places all shards on one node. */
  Restores on(String name) {
    node = name;
    return this;
  }

  /** Restores one shard alone. */
  Restores only(String canonicalName) {
    only = canonicalName;
    return this;
  }

  List<TargetUnit> units() {
    List<TargetUnit> units = new ArrayList<>();
    for (Shard shard : backup.shards()) {
      if (!only.isEmpty() && !only.equals(shard.canonicalName())) {
        continue;
      }
      units.add(
          new TargetUnit(
              VaultKeys.unit(shard.canonicalName()),
              shard,
              names.apply(shard.collection()),
              node.isEmpty() ? shard.node() : node,
              "",
              true,
              replace));
    }
    return units;
  }

  String schema() {
    List<String> collections =
        backup.shards().stream().map(Shard::collection).distinct().sorted().toList();
    return source.get().source().schema(backup.token, collections).orElseThrow();
  }

  void check() {
    target.get().target().check(schema(), units());
  }

  void prepare() {
    target.get().target().prepare(token, schema(), units());
  }

  /** Writes all units, and commits them. */
  void write() {
    for (TargetUnit unit : units()) {
      String place;
      try (UnitReader reader = backup.open(unit.source());
          UnitWriter writer = target.get().target().begin(token, unit)) {
        place = writer.place();
        Backups.list(reader).forEach(file -> write(reader, file.meta(), writer));
        writer.sync();
      }
      assertThat(target.get().target().holds(token, unit, place)).isTrue();
      target.get().target().commit(token, unit, place);
    }
  }

  static void write(UnitReader reader, FileMeta meta, UnitWriter writer) {
    byte[] bytes = Backups.bytes(reader, meta);
    for (int at = 0; at < bytes.length; at += PIECE) {
      int length = Math.min(PIECE, bytes.length - at);
      writer.write(meta.path(), at, ByteBuffer.wrap(bytes, at, length));
    }
    writer.end(meta);
  }

  Progress once() {
    return target.get().target().finish(token);
  }

  void finish() {
    Backups.ready(this::once);
  }

  void all() {
    check();
    prepare();
    write();
    finish();
  }

  /** Gives the run up, as the flow does until it succeeds. */
  void discard() {
    Progress unused =
        Backups.ready(
            () -> {
              target.get().target().discard(token);
              return Progress.ready("");
            });
  }

  void requireNothingLeft() {
    assertThat(target.get().catalog().leftovers(token.deployment()))
        .noneMatch(name -> name.startsWith(token.name()));
  }
}
