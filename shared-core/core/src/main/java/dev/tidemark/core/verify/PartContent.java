package dev.tidemark.core.verify;

import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.tree.EntryPath;
import dev.tidemark.core.tree.FileType;
import dev.tidemark.core.vault.BlobReader;
import dev.tidemark.core.vault.BlobRef;
import dev.tidemark.core.vault.Digest;
import dev.tidemark.core.vault.Entry;
import dev.tidemark.core.vault.Extent;
import dev.tidemark.core.vault.TreeDigest;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The content of one part's files, grouped by blob so that each blob is read once. */
final class PartContent {
  private final Cost cost;
  private final Level level;
  private final Findings findings;
  private final Map<String, Read> reads = new LinkedHashMap<>();
  private final List<Whole> wholes = new ArrayList<>();

  PartContent(Cost cost, Level level, Findings findings) {
    this.cost = cost;
    this.level = level;
    this.findings = findings;
  }

  /** What is wanted of a blob. */
  private record Read(BlobRef blob, List<Piece> pieces) {}

  /**
   * An extent in a blob.
   *
   * @param whole the file of several extents that it belongs to; null where it is the only one
   * @param number of the extent in that file
   */
  private record Piece(
      EntryPath path, long offset, long length, Digest digest, @Nullable Whole whole, int number) {}

  /** A file of several extents, or of holes. */
  private static final class Whole {
    private final EntryPath path;
    private final Digest digest;
    private final long size;
    private final List<Extent> extents;
    private final List<byte[]> leaves = new ArrayList<>();

    Whole(Entry entry, Digest digest) {
      this.extents = entry.extents();
      this.path = entry.path();
      this.digest = digest;
      this.size = entry.meta().size();
    }

    /** The digest of all leaves; null where some were not read. */
    @Nullable Digest found() {
      MessageDigest tree = TreeDigest.sha256();
      byte[] last = new byte[0];
      for (int i = 0; i < extents.size(); i++) {
        boolean hole = extents.get(i).blob() == null;
        if (!hole && leaves.get(i).length == 0) {
          return null;
        }
        last = hole ? Leaves.addHole(tree, extents.get(i).length()) : leaves.get(i);
        if (!hole) {
          tree.update(last);
        }
      }
      return size <= TreeDigest.LEAF_BYTES
          ? TreeDigest.of(last, size)
          : new Digest(Digest.TREE, HexFormat.of().formatHex(tree.digest()));
    }
  }

  /**
   * Adds a file.
   *
   * @param bad blobs that are known to be missing or damaged, by name
   */
  void add(Entry entry, Set<String> bad) {
    Digest digest = entry.digest();
    if (entry.meta().type() != FileType.FILE || digest == null) {
      return;
    }
    List<Extent> extents = entry.extents();
    boolean only = extents.size() == 1 && extents.get(0).blob() != null;
    Whole whole = only ? null : new Whole(entry, digest);
    boolean readable = true;
    for (int i = 0; i < extents.size(); i++) {
      Extent extent = extents.get(i);
      BlobRef blob = extent.blob();
      boolean wanted = blob != null && (bad.contains(blob.name()) || level.reads(blob.name()));
      if (blob != null && wanted) {
        Digest expected = extent.digest() == null ? digest : extent.digest();
        reads
            .computeIfAbsent(blob.name(), name -> new Read(blob, new ArrayList<>()))
            .pieces()
            .add(new Piece(entry.path(), extent.offset(), extent.length(), expected, whole, i));
      }
      readable &= blob == null || (wanted && !bad.contains(blob.name()));
      if (whole != null) {
        whole.leaves.add(new byte[0]);
      }
    }
    if (whole != null && readable && level.percent() > 0) {
      wholes.add(whole);
    }
  }

  /**
   * Reads and compares.
   *
   * @param bad takes the blobs that turn out to be damaged
   * @param keyOf the key of a blob's name
   * @param partKey for files whose digest is wrong although their chunks' are right
   */
  void check(BlobReader reader, Set<String> bad, UnaryOperator<String> keyOf, String partKey) {
    for (Read read : reads.values()) {
      String name = read.blob().name();
      Set<EntryPath> lost = bad.contains(name) ? paths(read) : read(reader, read, bad);
      if (!lost.isEmpty()) {
        Findings.Building finding =
            findings.add(
                keyOf.apply(name),
                "expected content with the digests of its files, found other bytes");
        lost.forEach(path -> cost.file(finding, path));
      }
    }
    for (Whole whole : wholes) {
      Digest found = whole.found();
      if (found != null && !found.equals(whole.digest)) {
        cost.file(
            findings.add(
                partKey,
                "expected files with their digests, found a file whose chunks give another"),
            whole.path);
      }
    }
  }

  /** Reads a blob, and answers which files it spoils. */
  private Set<EntryPath> read(BlobReader reader, Read read, Set<String> bad) {
    var pieces = new ArrayList<>(read.pieces());
    pieces.sort(Comparator.comparingLong(Piece::offset));
    var lost = new LinkedHashSet<EntryPath>();
    try {
      for (Piece piece : pieces) {
        if (!isSound(reader, read.blob(), piece)) {
          lost.add(piece.path());
        }
      }
    } catch (PermanentFailure e) {
      var unused = findings.add(e);
      bad.add(read.blob().name());
      return paths(read);
    }
    findings.blobsRead++;
    findings.object();
    return lost;
  }

  private boolean isSound(BlobReader reader, BlobRef blob, Piece piece) {
    var content = new Leaves();
    reader.read(blob, piece.offset(), piece.length(), content::update);
    findings.bytesRead += piece.length();
    byte[] leaves = content.finish();
    boolean sound = TreeDigest.of(leaves, piece.length()).equals(piece.digest());
    if (sound && piece.whole() != null) {
      piece.whole().leaves.set(piece.number(), leaves);
    }
    return sound;
  }

  private static Set<EntryPath> paths(Read read) {
    var paths = new LinkedHashSet<EntryPath>();
    read.pieces().forEach(piece -> paths.add(piece.path()));
    return paths;
  }
}
