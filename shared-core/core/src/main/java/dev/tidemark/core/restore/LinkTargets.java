package dev.tidemark.core.restore;

import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.failure.PermanentFailure.Kind;
import dev.tidemark.core.tree.EntryPath;
import dev.tidemark.core.tree.FileMeta;
import dev.tidemark.core.tree.FileType;
import dev.tidemark.core.vault.Entry;
import dev.tidemark.core.vault.EntryLookup;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/**
 * Resolves hard links. Where the file that a link points to is not restored, its content is written
 * under the first of the restored names, and the others are linked to that.
 */
final class LinkTargets {
  private final PathFilter paths;
  private final EntryPath folder;
  private final EntryLookup files;
  private final Map<EntryPath, EntryPath> moved = new HashMap<>();

  /**
   * @param folder from which paths are seen, of those by which files are looked up
   */
  LinkTargets(PathFilter paths, EntryPath folder, EntryLookup files) {
    this.paths = paths;
    this.folder = folder;
    this.files = files;
  }

  /**
   * What is to be restored for a hard link: a hard link, or a regular file.
   *
   * @throws PermanentFailure DAMAGED where it points to no file of the unit
   */
  Entry resolve(Entry link) {
    EntryPath target = EntryPath.parse(Objects.requireNonNull(link.meta().target()));
    EntryPath first = moved.get(target);
    if (first != null) {
      return with(link, linkTo(link.meta(), first));
    }
    Entry file =
        files
            .file(target.in(folder))
            .orElseThrow(
                () ->
                    PermanentFailure.of(Kind.DAMAGED, "hard link " + link.path())
                        .expected("a link to a file of the unit")
                        .found("no file " + target)
                        .hint("restore another backup, or leave this file out"));
    if (paths.includes(target)) {
      return link;
    }
    moved.put(target, link.path());
    return with(file, at(file.meta(), link.path()));
  }

  /** Remembers a link that an earlier slice dealt with. */
  void pass(Entry link) {
    EntryPath target = EntryPath.parse(Objects.requireNonNull(link.meta().target()));
    if (!paths.includes(target)) {
      moved.putIfAbsent(target, link.path());
    }
  }

  private static Entry with(Entry entry, FileMeta meta) {
    return new Entry(
        meta, entry.identity(), entry.strong(), entry.changed(), entry.digest(), entry.extents());
  }

  private static FileMeta linkTo(FileMeta m, EntryPath target) {
    return new FileMeta(
        m.path(),
        FileType.HARDLINK,
        0,
        m.mode(),
        m.uid(),
        m.gid(),
        m.mtimeSeconds(),
        m.mtimeNanos(),
        target.toString());
  }

  private static FileMeta at(FileMeta m, EntryPath path) {
    return new FileMeta(
        path,
        FileType.FILE,
        m.size(),
        m.mode(),
        m.uid(),
        m.gid(),
        m.mtimeSeconds(),
        m.mtimeNanos(),
        null);
  }
}
