package dev.tidemark.core.vault;

import dev.tidemark.core.engine.Shard;
import dev.tidemark.core.engine.UnitReader.SourceFile;
import dev.tidemark.core.tree.EntryPath;
import dev.tidemark.core.tree.FileMeta;
import dev.tidemark.core.tree.FileType;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Writes one unit of a {@link SampleVault}, plainly and in memory. */
final class SampleUnit {
  private final SampleVault sample;
  private final String name;
  private final String unit;
  private final String writer;
  private final String backup;
  private final List<PartRef> parts = new ArrayList<>();
  private final UnitRoot root = new UnitRoot();
  private final ListingDigest listing = new ListingDigest();
  private final TreeMap<String, Long> notes = new TreeMap<>();
  private PartWriter part;
  private ByteArrayOutputStream pack = new ByteArrayOutputStream();
  private final List<Pending> pending = new ArrayList<>();
  private int nextBlob;
  private int nextPart;
  private long entries;
  private long files;
  private long bytes;
  private long stored;

  SampleUnit(SampleVault sample, String backup, String writer, String name) {
    this.sample = sample;
    this.backup = backup;
    this.writer = writer;
    this.name = name;
    this.unit = VaultKeys.unit(name);
    this.part = newPart();
  }

  /** An entry whose place in the pack is known when the part ends. */
  private record Pending(
      FileMeta meta, @Nullable Digest digest, int offset, @Nullable Entry done) {}

  void directory(String path) {
    add(done(meta(path, FileType.DIRECTORY, 0, null), null, List.of()));
  }

  void link(String path, FileType type, String target) {
    add(done(meta(path, type, 0, target), null, List.of()));
  }

  void file(String path, byte[] content) {
    sample.remember(backup, name, path, content);
    FileMeta meta = meta(path, FileType.FILE, content.length, null);
    byte[] leaves = TreeDigest.leaves(List.of(ByteBuffer.wrap(content)));
    Digest digest = TreeDigest.of(leaves, content.length);
    if (content.length == 0) {
      add(done(meta, digest, List.of()));
    } else if (content.length <= TreeDigest.LEAF_BYTES) {
      add(new Pending(meta, digest, pack.size(), null));
      pack.writeBytes(content);
    } else {
      add(done(meta, digest, chunks(content)));
    }
  }

  /** Keeps a file's extents from another backup. */
  void reuse(Entry entry, byte[] content) {
    sample.remember(backup, name, entry.path().toString(), content);
    add(new Pending(entry.meta(), entry.digest(), 0, entry));
  }

  void note(String kind, String path) {
    part.add(new PartNote(kind, EntryPath.parse(path), "for the test"));
    notes.merge(kind, 1L, Long::sum);
  }

  void cut() {
    BlobRef blob = pack.size() == 0 ? null : sample.blob(this, pack.toByteArray());
    for (Pending entry : pending) {
      Entry whole = entry.done();
      if (whole == null) {
        var extent = new Extent(blob, entry.offset(), entry.meta().size(), null);
        whole = done(entry.meta(), entry.digest(), List.of(extent)).done();
      }
      if (whole != null) {
        part.add(whole);
        root.add(whole);
        listing.add(new SourceFile(whole.meta(), whole.identity(), whole.strong()));
      }
    }
    PartWriter.Finished finished = part.finish();
    sample.create(
        VaultKeys.part(SampleVault.CLUSTER, unit, finished.ref().name()), finished.object());
    parts.add(finished.ref());
    pending.clear();
    pack = new ByteArrayOutputStream();
    part = newPart();
  }

  UnitRecord finish() {
    cut();
    PartList list =
        PartLists.of(sample.vault, SampleVault.CLUSTER, unit, writer + ".1." + nextPart, parts);
    return new UnitRecord(
        unit,
        name,
        "node-1",
        List.of(new Shard("docs", name.substring(5), "node-1", bytes)),
        "snapshot of " + name,
        entries,
        files,
        bytes,
        stored,
        listing.hex(),
        root.hex(),
        listing.weak(),
        0,
        Map.copyOf(notes),
        list);
  }

  BlobRef store(byte[] plain) {
    String blobName = writer + ".1." + nextBlob++;
    byte[] id = sample.id();
    Framed.Encoded encoded = Framed.encode(id, FramedTest.segments(plain), Compression.DEFAULT);
    sample.create(VaultKeys.data(SampleVault.CLUSTER, unit, blobName), encoded.bytes());
    stored += encoded.stored();
    return new BlobRef(
        blobName,
        HexFormat.of().formatHex(id),
        encoded.stored(),
        encoded.plain(),
        dev.tidemark.core.blob.Checksum.NONE);
  }

  private List<Extent> chunks(byte[] content) {
    var extents = new ArrayList<Extent>();
    for (int at = 0; at < content.length; at += TreeDigest.LEAF_BYTES) {
      int end = Math.min(content.length, at + TreeDigest.LEAF_BYTES);
      byte[] chunk = Arrays.copyOfRange(content, at, end);
      if (Arrays.equals(chunk, new byte[chunk.length])) {
        extents.add(Extent.hole(chunk.length));
      } else {
        Digest digest =
            TreeDigest.of(TreeDigest.leaves(List.of(ByteBuffer.wrap(chunk))), chunk.length);
        extents.add(new Extent(sample.blob(this, chunk), 0, chunk.length, digest));
      }
    }
    return extents;
  }

  private void add(Pending entry) {
    entries++;
    if (entry.meta().type() == FileType.FILE) {
      files++;
      bytes += entry.meta().size();
    }
    pending.add(entry);
  }

  private Pending done(FileMeta meta, @Nullable Digest digest, List<Extent> extents) {
    boolean strong = !meta.path().toString().contains("weak");
    boolean changed = meta.path().toString().contains("changed");
    return new Pending(
        meta, digest, 0, new Entry(meta, "inode " + meta.path(), strong, changed, digest, extents));
  }

  private static FileMeta meta(String path, FileType type, long size, @Nullable String target) {
    return new FileMeta(EntryPath.parse(path), type, size, 0640, 1000, -2, -5, 1_000_001, target);
  }

  private PartWriter newPart() {
    return new PartWriter(
        new PartHeader(
            SampleVault.CLUSTER,
            unit,
            writer,
            1,
            nextPart++,
            backup,
            "snapshot of " + name,
            TreeDigest.LEAF_BYTES),
        Compression.DEFAULT);
  }
}
