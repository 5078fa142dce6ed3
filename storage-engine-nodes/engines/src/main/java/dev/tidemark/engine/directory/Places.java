package dev.tidemark.engine.directory;

import dev.tidemark.core.engine.Target.TargetUnit;
import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.failure.PermanentFailure.Kind;
import dev.tidemark.core.failure.TransientFailure;
import dev.tidemark.engine.directory.DirectoryConfig.Root;
import dev.tidemark.engine.directory.RunFolder.Destination;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Where a unit goes: to {@code place/collection[/shard]}; or without a place, to the root of that
 * name; or where no root has that name, beside the root whose name it begins with (else beside the
 * only root), under the collection's name. Links in the configured path or in the place are
 * followed, since somebody wrote them down; links below are not.
 */
final class Places {
  private Places() {}

  static Destination of(DirectoryConfig config, TargetUnit unit, String token) {
    Path root = root(config, unit);
    boolean loose = unit.shard().equals(Units.LOOSE);
    Path target = Units.directory(root, unit.shard());
    Path parent = target.getParent();
    if (parent == null) {
      throw invalid(unit, "the root of the file system", "restore to a folder below it");
    }
    Path near = parent;
    while (!Files.isDirectory(near) && near.getParent() != null) {
      near = near.getParent();
    }
    return new Destination(near.resolve("." + token + "-" + unit.unit()), target, loose);
  }

  private static Path root(DirectoryConfig config, TargetUnit unit) {
    byte[] folder = Units.folder(unit.collection());
    if (!unit.place().isEmpty()) {
      Path place = Path.of(unit.place());
      if (!place.isAbsolute()) {
        throw invalid(unit, "the relative path " + place, "name the folder from / on");
      }
      return RawNames.child(resolved(place), folder);
    }
    for (Root root : config.roots()) {
      if (root.name().equals(unit.collection())) {
        return resolved(root.path());
      }
    }
    Path beside = resolved(like(config, unit).path()).getParent();
    if (beside == null) {
      throw invalid(unit, "the root of the file system", "name a place to restore to");
    }
    return RawNames.child(beside, folder);
  }

  private static Root like(DirectoryConfig config, TargetUnit unit) {
    Root like = config.roots().size() == 1 ? config.roots().get(0) : null;
    int longest = 0;
    for (Root root : config.roots()) {
      if (unit.collection().startsWith(root.name()) && root.name().length() > longest) {
        longest = root.name().length();
        like = root;
      }
    }
    if (like == null) {
      throw invalid(
          unit, "a name that begins like none of the roots", "name a place to restore to");
    }
    return like;
  }

  private static PermanentFailure invalid(TargetUnit unit, String found, String hint) {
    return PermanentFailure.of(Kind.INVALID, "restore of '" + unit.collection() + "'")
        .expected("a folder to restore it to")
        .found(found)
        .hint(hint);
  }

  private static Path resolved(Path path) {
    Path near = path.normalize();
    while (!Files.exists(near) && near.getParent() != null) {
      near = near.getParent();
    }
    try {
      return near.toRealPath().resolve(near.relativize(path.normalize()));
    } catch (IOException e) {
      throw new TransientFailure("the folder " + near + ": " + Faults.why(e), e);
    }
  }
}
