package dev.tidemark.core.vault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.core.blob.Checksum;
import dev.tidemark.core.engine.Shard;
import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.tree.EntryPath;
import dev.tidemark.core.tree.FileMeta;
import dev.tidemark.core.tree.FileType;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Whatever is written is read again. */
class RoundTripTest {
  private static final String CLUSTER = SampleVault.CLUSTER;
  private static final String UNIT = VaultKeys.unit("a/b");
  private static final long LEAF = TreeDigest.LEAF_BYTES;

  @Property(tries = 150)
  void anyPart(@ForAll long seed) {
    var random = new SplittableRandom(seed);
    var header = new PartHeader(CLUSTER, UNIT, "writer000000", 3, 14, "b", text(random), 5 * LEAF);
    List<BlobRef> blobs = blobs(random);
    var writer = new PartWriter(header, Compression.BEST_SPEED);
    var entries = new ArrayList<Entry>();
    for (EntryPath path : paths(random)) {
      entries.add(entry(random, path, blobs));
    }
    var notes =
        List.of(
            new PartNote("vanished", EntryPath.parse("x"), text(random)),
            new PartNote("unreadable", EntryPath.ROOT, ""));
    notes.forEach(writer::add);
    entries.forEach(writer::add);
    var half = new Extent(blobs.get(0), 0, LEAF, tree(random, LEAF));
    var unfinished =
        new Unfinished(
            EntryPath.parse("zz"),
            text(random),
            20 * LEAF,
            List.of(half, Extent.hole(LEAF)),
            Base64.getEncoder().encodeToString(new byte[64]));
    writer.unfinished(unfinished);
    PartWriter.Finished finished = writer.finish();
    var store = new MapStore();
    String name = finished.ref().name();
    var unused = store.create(VaultKeys.part(CLUSTER, UNIT, name), finished.object());

    try (var part = PartReader.open(store, CLUSTER, UNIT, name, finished.ref())) {
      assertThat(part.header()).isEqualTo(header);
      for (Entry entry : entries) {
        assertThat(part.next()).as("seed %d", seed).isEqualTo(entry);
      }
      assertThat(part.next()).isNull();
      assertThat(part.notes()).isEqualTo(notes);
      assertThat(part.unfinished()).isEqualTo(unfinished);
      assertThat(blobs).containsAll(part.blobs());
    }
    assertThat(finished.ref().entries()).isEqualTo(entries.size());
  }

  @Property(tries = 100)
  void anyUnitRecordAndPartList(@ForAll long seed) {
    var random = new SplittableRandom(seed);
    var parts = new ArrayList<PartRef>();
    for (int i = 0; i < random.nextInt(200); i++) {
      String digest = "%064x".formatted(random.nextInt(1 << 30));
      parts.add(
          new PartRef(
              "writer000000.1." + i, EntryPath.ROOT, EntryPath.parse("p" + i), i, i, digest));
    }
    var store = new MapStore();
    Vault vault = Vault.create(store, new SampleIds());
    PartList list = PartLists.of(vault, CLUSTER, UNIT, "writer000000.1.200", parts);
    assertThat(PartLists.of(vault, CLUSTER, UNIT, "writer000000.1.200", parts)).isEqualTo(list);
    assertThat(PartLists.read(store, CLUSTER, UNIT, list)).isEqualTo(parts);
    assertThat(PartLists.parse("a row", PartLists.json(list))).isEqualTo(list);
    assertThat(PartLists.json(list).length()).isLessThanOrEqualTo(PartLists.MAX_INLINE_BYTES + 100);
    String hex = "%064x".formatted(random.nextInt(1 << 30));
    var shards = List.of(new Shard(text(random), text(random), text(random), random.nextInt(9)));
    var record =
        new UnitRecord(
            UNIT,
            text(random),
            text(random),
            shards,
            text(random),
            1,
            2,
            3,
            4,
            hex,
            hex,
            5,
            6,
            Map.of("special", 7L),
            list);
    assertThat(LaneText.parse("a row", LaneText.json(record))).isEqualTo(record);
  }

  @Example
  void whatARowHoldsIsRefusedWithTheRowsName() {
    assertThatThrownBy(() -> LaneText.parse("row done:x", "{\"unit\":5}"))
        .isInstanceOf(PermanentFailure.class)
        .hasMessageStartingWith("row done:x");
    assertThatThrownBy(() -> PartLists.parse("row done:x", "{"))
        .isInstanceOf(PermanentFailure.class);
  }

  @Example
  void anEqualTextUnderAKeyIsSuccessAndAnotherOneIsAConflict() {
    var store = new MapStore();
    Vault vault = Vault.create(store, new SampleIds());
    String key = VaultKeys.index(CLUSTER, "writer000000.0.census");
    vault.put(key, census(1));
    // Another release of zstd may compress otherwise.
    TextObject.Finished same = census(1);
    store.objects.put(key, FramedTest.join(same.framed(key, Compression.NO_COMPRESSION).bytes()));
    vault.put(key, census(1));
    assertThatThrownBy(() -> vault.put(key, census(2)))
        .isInstanceOfSatisfying(
            PermanentFailure.class,
            e -> assertThat(e.kind()).isEqualTo(PermanentFailure.Kind.CONFLICT))
        .hasMessageContaining(key);
    assertThatThrownBy(() -> Vault.create(store, new SampleIds()))
        .isInstanceOf(PermanentFailure.class);
    assertThatThrownBy(() -> Vault.open(new MapStore()))
        .isInstanceOf(PermanentFailure.class)
        .hasMessageContaining("vault create");
  }

  @Example
  void notesAndOwnersTakeTheNextFreeNumber() {
    Vault vault = Vault.create(new MapStore(), new SampleIds());
    var time = SampleVault.TIME;
    assertThat(vault.note(CLUSTER, "b", "suspect", "t", time, null).n()).isEqualTo(1);
    assertThat(vault.note(CLUSTER, "b", "suspect", "t", time, time).n()).isEqualTo(2);
    assertThat(vault.notes(CLUSTER, "b")).extracting(Note::until).containsExactly(null, time);
    Owner first = vault.own(CLUSTER, null, "d1", time);
    assertThat(vault.own(CLUSTER, null, "d2", time)).isEqualTo(first);
    assertThat(vault.own(CLUSTER, first, "d2", time).n()).isEqualTo(2);
    assertThat(vault.owner(CLUSTER).orElseThrow().deployment()).isEqualTo("d2");
  }

  @Example
  void manifestsAreListedInPagesAndClustersOnce() {
    var sample = new SampleVault();
    Vault vault = sample.vault();
    List<Vault.Listed> page = vault.manifests(CLUSTER, null);
    assertThat(page).extracting(Vault.Listed::backupId).containsExactly("b0", "b1", "b2");
    assertThat(vault.manifests(CLUSTER, page.get(1)))
        .extracting(Vault.Listed::backupId)
        .containsExactly("b2");
    assertThat(vault.manifests(CLUSTER, page.get(2))).isEmpty();
    for (String other : List.of("main-0123abcd0-00000000", "main-0123abcd-00000000")) {
      sample.store.objects.put("backups/" + other + "/b.json", new byte[0]);
    }
    assertThat(vault.clusters())
        .containsExactlyInAnyOrder(CLUSTER, "main-0123abcd0-00000000", "main-0123abcd-00000000");
  }

  private static TextObject.Finished census(long after) {
    return CensusText.write(
        CLUSTER,
        "b",
        new CensusText.Census(List.of(new CensusText.Count("docs", 1, after)), List.of()));
  }

  private static Entry entry(SplittableRandom random, EntryPath path, List<BlobRef> blobs) {
    int kind = path.isRoot() ? 3 : random.nextInt(5);
    FileType type = kind < 3 ? FileType.FILE : kind == 3 ? FileType.DIRECTORY : FileType.SYMLINK;
    long size = type != FileType.FILE ? 0 : random.nextLong(random.nextBoolean() ? 100 : 9 * LEAF);
    String target = type == FileType.SYMLINK ? "../t%FF" : null;
    var meta =
        new FileMeta(
            path,
            type,
            size,
            random.nextInt(010000),
            random.nextInt(),
            random.nextInt(),
            random.nextLong(),
            random.nextInt(1_000_000_000),
            target);
    Digest digest = type == FileType.FILE ? tree(random, size) : null;
    return new Entry(
        meta,
        text(random),
        random.nextBoolean(),
        random.nextBoolean(),
        digest,
        extents(random, size, blobs));
  }

  private static List<Extent> extents(SplittableRandom random, long size, List<BlobRef> blobs) {
    var extents = new ArrayList<Extent>();
    long at = 0;
    while (at < size) {
      long length = Math.min(size - at, LEAF * (1 + random.nextInt(5)));
      BlobRef blob = blobs.get(random.nextInt(blobs.size()));
      boolean only = length == size;
      extents.add(
          random.nextInt(4) == 0
              ? Extent.hole(length)
              : new Extent(
                  blob,
                  random.nextLong(blob.plain() - length + 1),
                  length,
                  only ? null : tree(random, length)));
      at += length;
    }
    return List.copyOf(extents);
  }

  private static List<BlobRef> blobs(SplittableRandom random) {
    var blobs = new ArrayList<BlobRef>();
    for (int i = 0; i < 5; i++) {
      long plain = 5 * LEAF + random.nextInt(1_000);
      var check = i == 0 ? Checksum.NONE : new Checksum("crc32c", "0123abcd");
      String id = "%032x".formatted(random.nextInt(1 << 30));
      blobs.add(new BlobRef("writer00000" + i + ".1." + i, id, 5_000 + i, plain, check));
    }
    return blobs;
  }

  /** Only one level, so that nothing is below what is no directory. */
  private static Set<EntryPath> paths(SplittableRandom random) {
    var paths = new TreeSet<EntryPath>();
    for (int i = 0; i < random.nextInt(40); i++) {
      byte[] name = new byte[1 + random.nextInt(20)];
      for (int j = 0; j < name.length; j++) {
        name[j] = (byte) (48 + random.nextInt(200));
      }
      paths.add(random.nextInt(20) == 0 ? EntryPath.ROOT : EntryPath.of(name));
    }
    return paths;
  }

  private static Digest tree(SplittableRandom random, long length) {
    byte[] leaves = new byte[(int) ((length + LEAF - 1) / LEAF) * 32];
    random.nextBytes(leaves);
    return TreeDigest.of(leaves, length);
  }

  private static String text(SplittableRandom random) {
    var text = new StringBuilder();
    for (int i = 0; i < random.nextInt(12); i++) {
      text.appendCodePoint("a\"\\\n\0é€".codePointAt(random.nextInt(7)));
    }
    return text + (random.nextBoolean() ? "\ud83d\ude00" : "");
  }

  /** Ids of one letter. */
  private static final class SampleIds implements dev.tidemark.core.time.Ids {
    @Override
    public String text(int length) {
      return "i".repeat(length);
    }

    @Override
    public byte[] bytes(int length) {
      return new byte[length];
    }
  }

  @Example
  void aFramedTextIsReadInBuffersOfOneMebibyte() {
    var text = new TextObject.Writer();
    byte[] line = ("{\"x\":\"" + "y".repeat(300_000) + "\"}").getBytes(StandardCharsets.US_ASCII);
    for (int i = 0; i < 20; i++) {
      text.line(line);
    }
    assertThat(text.finish().plain())
        .allMatch(segment -> segment.remaining() <= Framed.FRAME_BYTES)
        .extracting(ByteBuffer::remaining)
        .startsWith(Framed.FRAME_BYTES, Framed.FRAME_BYTES);
  }
}
