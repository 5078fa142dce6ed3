package dev.tidemark.store.filesystem;

import dev.tidemark.core.blob.BlobInfo;
import dev.tidemark.core.blob.BlobLimits;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * One page of keys in byte order. A folder's entries come in no order, and its keys are ordered as
 * if its name ended in a slash ({@code a-b} is before {@code a/b}, which is before {@code a0}). Of
 * each folder on the way only as many names are held as the page has room for, and only folders
 * that may have keys on the page are opened.
 */
final class FolderWalk {
  private final Place place;
  private final String prefix;
  private final @Nullable String after;
  private final int limit;
  private final List<BlobInfo> page = new ArrayList<>();

  FolderWalk(Place place, String prefix, @Nullable String after, int limit) {
    this.place = place;
    this.prefix = prefix;
    this.after = after;
    this.limit = limit;
  }

  List<BlobInfo> page() throws IOException {
    String folder = Place.folderOf(prefix);
    try {
      if (folder.isEmpty() && !prefix.startsWith("/")) {
        walk("");
      } else if (BlobLimits.isKey(folder)) {
        walk(folder + "/");
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    return page;
  }

  /**
   * @param folder empty, or ending in a slash
   */
  private void walk(String folder) throws IOException {
    Entry last = null;
    while (page.size() < limit) {
      int room = limit - page.size();
      List<Entry> entries = smallest(folder, last, room);
      for (Entry each : entries) {
        visit(each);
      }
      if (entries.size() < room) {
        return;
      }
      last = entries.get(room - 1);
    }
  }

  private void visit(Entry entry) throws IOException {
    BasicFileAttributes attributes = entry.attributes();
    if (page.size() == limit || attributes == null) {
      return;
    }
    if (attributes.isDirectory()) {
      walk(entry.key + "/");
    } else if (attributes.isRegularFile()) {
      place.inhabited();
      page.add(FilesystemBlobStore.info(entry.key, attributes));
    }
  }

  /** The first entries of a folder that may belong on the page, beyond an entry. */
  private List<Entry> smallest(String folder, @Nullable Entry beyond, int room) throws IOException {
    var chosen = new PriorityQueue<Entry>(Collections.reverseOrder());
    try (DirectoryStream<Path> paths = Files.newDirectoryStream(place.path(folder))) {
      for (Path path : paths) {
        String key = folder + path.getFileName();
        if (isOutside(key) || (chosen.size() == room && isBeyond(key, chosen.element()))) {
          continue;
        }
        Entry entry = new Entry(key, path);
        if (BlobLimits.isKey(key)
            && belongs(entry)
            && (beyond == null || entry.compareTo(beyond) > 0)) {
          chosen.add(entry);
          if (chosen.size() > room) {
            chosen.remove();
          }
        }
      }
    } catch (FileSystemException e) {
      if (Place.isAbsent(e)) {
        return List.of();
      }
      throw e;
    }
    List<Entry> sorted = new ArrayList<>(chosen);
    Collections.sort(sorted);
    return sorted;
  }

  /** Whether a name is surely not of the page's range: cheap, as most names of a page are not. */
  private boolean isOutside(String key) {
    return (after != null && key.compareTo(after) < 0 && !after.startsWith(key))
        || (!key.startsWith(prefix) && !prefix.startsWith(key));
  }

  /** Whether a name is surely after an entry, whatever the two are. */
  private static boolean isBeyond(String key, Entry entry) {
    return key.compareTo(entry.key) > 0 && !key.startsWith(entry.key);
  }

  /** Whether an entry is a key of the page's range, or a folder that may hold some. */
  private boolean belongs(Entry entry) {
    String key = entry.key;
    String inside = key + "/";
    boolean asFile = key.startsWith(prefix) && (after == null || key.compareTo(after) > 0);
    boolean asFolder =
        (inside.startsWith(prefix) || prefix.startsWith(inside))
            && (after == null || inside.compareTo(after) > 0 || after.startsWith(inside));
    return asFile == asFolder ? asFile : entry.isFolder() == asFolder;
  }

  /** A file or folder, which is asked for its kind only where the order depends on it. */
  private final class Entry implements Comparable<Entry> {
    final String key;
    private final Path path;
    private boolean looked;
    private @Nullable BasicFileAttributes attributes;

    Entry(String key, Path path) {
      this.key = key;
      this.path = path;
    }

    @Nullable BasicFileAttributes attributes() {
      if (!looked) {
        looked = true;
        try {
          attributes = place.attributes(path);
        } catch (IOException e) {
          throw new DirectoryIteratorException(e);
        }
      }
      return attributes;
    }

    boolean isFolder() {
      BasicFileAttributes known = attributes();
      return known != null && known.isDirectory();
    }

    @Override
    public int compareTo(Entry other) {
      if (other.key.startsWith(key)) {
        return key.length() == other.key.length() ? 0 : -other.compareToShorter(this);
      }
      return key.startsWith(other.key) ? compareToShorter(other) : key.compareTo(other.key);
    }

    /** To an entry whose name this one's begins with. */
    private int compareToShorter(Entry shorter) {
      char next = key.charAt(shorter.key.length());
      return next < '/' && shorter.isFolder() ? -1 : 1;
    }
  }
}
