package dev.tidemark.core.engine;

import dev.tidemark.core.tree.EntryPath;
import dev.tidemark.core.tree.FileMeta;
import dev.tidemark.core.tree.FileType;
import java.util.Iterator;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Several shards as one unit: each shard's entries in a folder of its own, {@link Shard#folder}.
 * The folder's own entry is the shard's root; where the shard lists none, it is a directory with
 * plain attributes, so that a shard without any file is there too.
 *
 * <p>What one of the shards' readers throws, this one throws: a snapshot that is gone for one shard
 * is gone for the unit.
 */
public final class BinReader implements UnitReader {
  private static final int PLAIN_FOLDER = 0755;

  private final NavigableMap<EntryPath, UnitReader> shards;

  /**
   * @param shards by their folders; closed with this reader
   */
  public BinReader(Map<EntryPath, UnitReader> shards) {
    this.shards = new TreeMap<>(shards);
  }

  @Override
  public boolean stable() {
    return shards.values().stream().allMatch(UnitReader::stable);
  }

  @Override
  public Listing list(Notes notes) {
    return new Joined(notes);
  }

  @Override
  public Optional<SourceFile> look(EntryPath path) {
    EntryPath folder = path.first();
    UnitReader shard = shards.get(folder);
    return shard == null
        ? Optional.empty()
        : shard.look(path.from(folder)).map(file -> in(folder, file));
  }

  @Override
  public Content open(EntryPath path) {
    EntryPath folder = path.first();
    UnitReader shard = shards.get(folder);
    if (shard == null) {
      throw new FileGone("no shard for " + path);
    }
    return shard.open(path.from(folder));
  }

  @Override
  public void close() {
    shards.values().forEach(UnitReader::close);
  }

  private static SourceFile in(EntryPath folder, SourceFile file) {
    return new SourceFile(file.meta().in(folder), file.identity(), file.strong());
  }

  private static SourceFile plain(EntryPath folder) {
    var meta = new FileMeta(folder, FileType.DIRECTORY, 0, PLAIN_FOLDER, 0, 0, 0, 0, null);
    return new SourceFile(meta, "", true);
  }

  /** The listings one after the other: folders ascend, and so does all that is in them. */
  private final class Joined implements Listing {
    private final Notes notes;
    private final Iterator<Map.Entry<EntryPath, UnitReader>> rest = shards.entrySet().iterator();
    private EntryPath folder = EntryPath.ROOT;
    private @Nullable Listing listing;
    private @Nullable SourceFile ahead;

    Joined(Notes notes) {
      this.notes = notes;
    }

    @Override
    public boolean hasNext() {
      return ahead != null || (listing != null && listing.hasNext()) || rest.hasNext();
    }

    @Override
    public SourceFile next() {
      SourceFile held = ahead;
      if (held != null) {
        ahead = null;
        return held;
      }
      Listing now = listing;
      return now != null && now.hasNext() ? in(folder, now.next()) : enter();
    }

    private SourceFile enter() {
      close();
      Map.Entry<EntryPath, UnitReader> next = rest.next();
      EntryPath entered = next.getKey();
      folder = entered;
      Listing begun =
          next.getValue().list((kind, path, detail) -> notes.note(kind, path.in(entered), detail));
      listing = begun;
      SourceFile first = begun.hasNext() ? begun.next() : null;
      if (first != null && first.meta().path().isRoot()) {
        return in(entered, first);
      }
      ahead = first == null ? null : in(entered, first);
      return plain(entered);
    }

    @Override
    public void close() {
      if (listing != null) {
        listing.close();
        listing = null;
      }
    }
  }
}
