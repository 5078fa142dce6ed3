package dev.tidemark.core.vault;

import dev.tidemark.core.engine.Probe;
import dev.tidemark.core.tree.FileType;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A small and complete vault with everything that the format knows, the same at every call: backup
 * {@code b1}, {@code b2} on top of it, and {@code b0}, which is deleted.
 */
public final class SampleVault {
  public static final String CLUSTER = "main-0123abcd";
  public static final Instant TIME = Instant.parse("2026-01-02T03:04:05.678Z");

  public final MapStore store = new MapStore();

  /** By backup, then by {@code unit: path}: the content of the files. */
  private final Map<String, Map<String, byte[]>> contents = new TreeMap<>();

  final Vault vault;
  private int ids;

  public SampleVault() {
    vault = Vault.create(store, new FixedIds());
    Owner owner = vault.own(CLUSTER, null, "deployment-1", TIME);
    var unused = vault.own(CLUSTER, owner, "deployment-2", TIME);
    List<UnitRecord> none = List.of();
    seal("b0", "writer000000", null, none, List.of());
    vault.delete(new Tombstone(CLUSTER, "b0", "retention", TIME));
    List<UnitRecord> first = List.of(shardA("b1", "writer000001"), shardB(), longPaths());
    seal("b1", "writer000001", null, first.subList(0, 2), first.subList(2, 3));
    UnitRecord changed = shardBAgain(first.get(1));
    seal("b2", "writer000002", "b1", List.of(unchanged(first.get(0)), changed), List.of());
    vault.note(CLUSTER, "b1", "suspect", "a file differed", TIME, null);
    vault.note(CLUSTER, "b2", "verified", "in full", TIME, null);
    vault.note(CLUSTER, "b2", "reader", "another deployment reads", TIME, TIME.plusSeconds(60));
  }

  /** Ids of one letter. */
  private static final class FixedIds implements dev.tidemark.core.time.Ids {
    @Override
    public String text(int length) {
      return "v".repeat(length);
    }

    @Override
    public byte[] bytes(int length) {
      return new byte[length];
    }
  }

  public Vault vault() {
    return vault;
  }

  /** The content of a backup's files. */
  public Map<String, byte[]> contents(String backup) {
    return contents.getOrDefault(backup, Map.of());
  }

  /** The content of a file. */
  public byte[] content(String backup, String file) {
    return Objects.requireNonNull(contents(backup).get(file), file);
  }

  void remember(String backup, String unit, String path, byte[] content) {
    contents.computeIfAbsent(backup, key -> new TreeMap<>()).put(unit + ": " + path, content);
  }

  BlobRef blob(SampleUnit unit, byte[] plain) {
    return unit.store(plain);
  }

  void create(String key, List<ByteBuffer> object) {
    if (store.create(key, object).existed()) {
      throw new IllegalStateException(key + " twice");
    }
  }

  byte[] id() {
    byte[] id = new byte[16];
    id[15] = (byte) ids++;
    return id;
  }

  private UnitRecord shardA(String backup, String writer) {
    var unit = new SampleUnit(this, backup, writer, "docs/a");
    unit.directory("");
    unit.file("%01%FFname", text("not UTF-8"));
    unit.file("empty", new byte[0]);
    unit.file("noise", noise(70_000, 1));
    unit.cut();
    byte[] sparse = new byte[(25 << 20) + 5];
    Arrays.fill(sparse, 0, 8 << 20, (byte) 'a');
    Arrays.fill(sparse, 16 << 20, 24 << 20, (byte) 'c');
    Arrays.fill(sparse, 24 << 20, sparse.length, (byte) 'd');
    unit.file("sparse", sparse);
    unit.directory("sub");
    unit.file("sub/one", text("one"));
    unit.file("sub/two", text("two, weak".repeat(300)));
    unit.file("sub-weak", text("weak"));
    unit.link("z-hard", FileType.HARDLINK, "sub/one");
    unit.link("z-soft", FileType.SYMLINK, "../elsewhere/%E2%82%AC");
    return unit.finish();
  }

  private UnitRecord shardB() {
    var unit = new SampleUnit(this, "b1", "writer000001", "docs/b");
    unit.file("changed", text("of no single moment"));
    unit.file("gone", text("only in the first backup"));
    unit.file("kept", noise(5_000, 2));
    unit.file("other", text("before"));
    unit.note("special", "fifo");
    unit.note("changed", "changed");
    return unit.finish();
  }

  private UnitRecord longPaths() {
    var unit = new SampleUnit(this, "b1", "writer000001", "docs/long");
    for (int i = 0; i < 4; i++) {
      unit.file(("p" + i).repeat(1_200), text("at a long path " + i));
      if (i < 3) {
        unit.cut();
      }
    }
    return unit.finish();
  }

  private UnitRecord shardBAgain(UnitRecord base) {
    var unit = new SampleUnit(this, "b2", "writer000002", "docs/b");
    try (var entries = UnitEntries.open(store, CLUSTER, base.unit(), base.parts())) {
      for (Entry entry = entries.next(); entry != null; entry = entries.next()) {
        String path = entry.path().toString();
        switch (path) {
          case "gone" -> {}
          case "other" -> {
            unit.file("new", text("only in the second backup"));
            unit.file("other", text("after!"));
          }
          default -> unit.reuse(entry, content("b1", "docs/b: " + path));
        }
      }
    }
    return unit.finish();
  }

  private UnitRecord unchanged(UnitRecord base) {
    contents("b1").entrySet().stream()
        .filter(file -> file.getKey().startsWith(base.name() + ": "))
        .toList()
        .forEach(
            file ->
                remember(
                    "b2",
                    base.name(),
                    file.getKey().substring(base.name().length() + 2),
                    file.getValue()));
    return new UnitRecord(
        base.unit(),
        base.name(),
        base.node(),
        base.shards(),
        base.snapshot(),
        base.entries(),
        base.files(),
        base.bytes(),
        0,
        base.listing(),
        base.root(),
        base.weak(),
        1,
        base.notes(),
        base.parts());
  }

  @SafeVarargs
  private final void seal(
      String backup, String writer, @Nullable String base, List<UnitRecord>... lanes) {
    var index = new ArrayList<Manifest.IndexRef>();
    var plan = new PlanText.Writer(new PlanText.Header(CLUSTER, backup, writer));
    var all = new ArrayList<UnitRecord>();
    for (int i = 0; i < lanes.length; i++) {
      String lane = "000" + i;
      var text = new LaneText.Writer(new LaneText.Header(CLUSTER, backup, lane));
      List<UnitRecord> units =
          lanes[i].stream().sorted(Comparator.comparing(UnitRecord::unit)).toList();
      for (UnitRecord unit : units) {
        text.add(unit);
        plan.add(new PlanText.PlanUnit(lane, unit.node(), unit.unit(), unit.name(), unit.shards()));
      }
      all.addAll(units);
      index.add(put(writer, LaneText.what(lane), text.finish(), units.size()));
    }
    index.add(put(writer, "plan", plan.finish(), 0));
    index.add(
        put(writer, "schema", SchemaText.write(CLUSTER, backup, "{\"docs\":{\"size\":3}}"), 0));
    var census =
        new CensusText.Census(
            List.of(new CensusText.Count("docs/shard0", 3, 4)),
            List.of(new CensusText.Answer(new Probe("docs", "shard0", "object 7"), "seven")));
    index.add(put(writer, "census", CensusText.write(CLUSTER, backup, census), 0));
    var coverage = new CoverageText.Writer(CLUSTER, backup);
    coverage.missing("users", "the engine does not give them");
    index.add(put(writer, "coverage", coverage.finish(), 0));
    vault.seal(new Manifest(header(backup, writer, base, all), body(index)));
  }

  private Manifest.IndexRef put(String writer, String what, TextObject.Finished text, long units) {
    String name = VaultKeys.indexName(writer, what);
    vault.put(VaultKeys.index(CLUSTER, name), text);
    return new Manifest.IndexRef(name, text.sha256(), units);
  }

  private static Manifest.Body body(List<Manifest.IndexRef> index) {
    return new Manifest.Body(List.of("node-1"), List.of("docs"), List.of(), List.of("tmp*"), index);
  }

  private Manifest.Header header(
      String backup, String writer, @Nullable String base, List<UnitRecord> units) {
    MessageDigest root = TreeDigest.sha256();
    units.forEach(unit -> root.update(HexFormat.of().parseHex(unit.root())));
    Map<String, Long> notes =
        units.stream()
            .flatMap(unit -> unit.notes().entrySet().stream())
            .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue, Long::sum));
    return new Manifest.Header(
        vault.id(),
        backup,
        "main",
        CLUSTER,
        "directory",
        "1.2",
        "fp-1",
        writer,
        TIME,
        TIME.plusSeconds(9),
        "crash",
        "file",
        units.size(),
        units.stream().mapToLong(UnitRecord::entries).sum(),
        units.stream().mapToLong(UnitRecord::files).sum(),
        units.stream().mapToLong(UnitRecord::bytes).sum(),
        units.stream().mapToLong(UnitRecord::stored).sum(),
        notes,
        1,
        0,
        base,
        null,
        Map.of("why", "test"),
        Compression.DEFAULT.word(),
        8 << 20,
        "none",
        "0".repeat(64),
        "0.1.0",
        HexFormat.of().formatHex(root.digest()));
  }

  private static byte[] text(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] noise(int size, long seed) {
    byte[] noise = new byte[size];
    new Random(seed).nextBytes(noise);
    return noise;
  }
}
