package dev.tidemark.engine.directory;

import dev.tidemark.core.engine.Catalog;
import dev.tidemark.core.engine.Census;
import dev.tidemark.core.engine.ClusterDescription;
import dev.tidemark.core.engine.Probe;
import dev.tidemark.core.engine.Shard;
import dev.tidemark.core.failure.TransientFailure;
import dev.tidemark.core.tree.EntryPath;
import dev.tidemark.engine.directory.DirectoryConfig.Root;
import dev.tidemark.engine.directory.DirectoryConfig.Split;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The fingerprint is made of the roots' inode numbers and times of birth, where the file system
 * tells them; not of device numbers, which differ between boots and between snapshots of a volume.
 * A root that is not there is described as such, since a restore may be about to bring it back.
 *
 * <p>The fingerprint is a help only: what a strong identity proves rests on ctime, which nobody can
 * set.
 */
record DirectoryCatalog(DirectoryConfig config, Path state) implements Catalog {
  private static final String ABSENT = "absent";

  @Override
  public ClusterDescription describe() {
    List<String> names = config.roots().stream().map(Root::name).sorted().toList();
    return new ClusterDescription(
        System.getProperty("os.name") + " " + System.getProperty("os.version"),
        fingerprint(),
        "crash",
        "file",
        names,
        names,
        Map.of(),
        Map.of(),
        List.of());
  }

  @Override
  public String fingerprint() {
    return config.roots().stream()
        .map(root -> root.name() + "=" + incarnation(root))
        .sorted()
        .collect(Collectors.joining(","));
  }

  private static String incarnation(Root root) {
    try {
      Path real = root.path().toRealPath();
      Stat stat = Stat.of(real);
      if (!stat.directory()) {
        return ABSENT;
      }
      FileTime born = Files.readAttributes(real, BasicFileAttributes.class).creationTime();
      // Where birth is unknown, the JDK gives the time of the last change instead.
      boolean known = !born.toInstant().equals(stat.mtime());
      return Long.toHexString(stat.inode())
          + (known ? "." + Long.toHexString(born.toMillis()) : "");
    } catch (NoSuchFileException e) {
      return ABSENT;
    } catch (IOException e) {
      throw unreadable(root, e);
    }
  }

  private static TransientFailure unreadable(Root root, IOException e) {
    return new TransientFailure(
        "root '" + root.name() + "' at " + root.path() + ": " + Faults.why(e), e);
  }

  @Override
  public List<Shard> shards(@Nullable String after, int limit) {
    var shards = new ArrayList<Shard>();
    for (Root root : config.roots()) {
      if (root.split() == Split.NONE) {
        shards.add(new Shard(root.name(), "", root.name(), 0));
      } else {
        shards.add(new Shard(root.name(), Units.LOOSE, root.name(), 0));
        addChildren(root, shards);
      }
    }
    return shards.stream()
        .filter(shard -> after == null || shard.canonicalName().compareTo(after) > 0)
        .sorted(Comparator.comparing(Shard::canonicalName))
        .limit(limit)
        .toList();
  }

  private static void addChildren(Root root, List<Shard> shards) {
    Patterns patterns = root.patterns();
    try {
      for (Path child : Trees.children(root.path())) {
        byte[] name = RawNames.name(child);
        if (isDirectory(child) && !patterns.excludes(name, true)) {
          shards.add(new Shard(root.name(), EntryPath.escape(name), root.name(), 0));
        }
      }
    } catch (NoSuchFileException | NotDirectoryException e) {
      return; // a restore may bring it back; a backup of it is refused when it is prepared
    } catch (IOException e) {
      throw unreadable(root, e);
    }
  }

  private static boolean isDirectory(Path child) throws IOException {
    try {
      return Stat.of(child).directory();
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  /** Nothing is counted: that would mean to walk every tree. */
  @Override
  public Census census(List<String> collections) {
    return Census.EMPTY;
  }

  /** A directory defines itself. */
  @Override
  public String schema(List<String> collections) {
    return "";
  }

  /** Nothing is asked: the restore proves every digest. */
  @Override
  public List<Probe> probes(Shard shard) {
    return List.of();
  }

  @Override
  public Map<Probe, String> answers(List<Probe> probes) {
    return Map.of();
  }

  /** Runs of which this machine's state folder knows that they hold something. */
  @Override
  public List<String> leftovers(String deployment) {
    return List.copyOf(new TreeSet<>(RunFolder.tokens(state, deployment)));
  }
}
