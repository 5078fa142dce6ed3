package dev.tidemark.engine.directory;

import dev.tidemark.core.engine.PlaceGone;
import dev.tidemark.core.engine.RunToken;
import dev.tidemark.core.engine.Source.Progress;
import dev.tidemark.core.engine.Target;
import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.failure.PermanentFailure.Kind;
import dev.tidemark.core.failure.TransientFailure;
import dev.tidemark.core.tree.EntryPath;
import dev.tidemark.core.tree.FileMeta;
import dev.tidemark.engine.directory.RunFolder.Destination;
import dev.tidemark.engine.directory.Staging.Replacing;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Restores directories; {@link Staging} says how. Everything is remembered in the state folder
 * before it is begun.
 */
record DirectoryTarget(DirectoryConfig config, Path state) implements Target {

  private interface Step<T> {
    T run() throws IOException;
  }

  @Override
  public List<Room> rooms(List<TargetUnit> units) {
    return units.stream().map(this::room).toList();
  }

  private Room room(TargetUnit unit) {
    Destination to = Places.of(config, unit, "room");
    return disk(
        to,
        () -> {
          Path near = to.staging().getParent();
          Path volume = near == null ? to.staging() : near;
          return new Room(
              existing(to),
              to.target().toString(),
              OptionalLong.of(Files.getFileStore(volume).getUsableSpace()),
              "device " + Long.toHexString(Stat.of(volume).device()),
              "");
        });
  }

  private static String existing(Destination to) throws IOException {
    return to.loose() ? Existing.loose(to.target()) : Existing.all(to.target());
  }

  private static Replacing replacing(TargetUnit unit) {
    return unit.replace() && unit.whole() ? Replacing.YES : Replacing.NO;
  }

  @Override
  public UnitWriter begin(RunToken token, TargetUnit unit) {
    var folder = new RunFolder(state, token);
    Optional<Destination> known = folder.destination(unit.unit());
    Destination to = known.orElseGet(() -> Places.of(config, unit, token.name()));
    return disk(
        to,
        () -> {
          if (known.isEmpty()) {
            replacing(unit).require(to.target(), existing(to));
            folder.destination(unit.unit(), to);
          }
          var staging = new Staging(to);
          staging.begin();
          return staging.committing() ? new TooLate(staging.name()) : new StagedWriter(staging);
        });
  }

  /** What is not known any more was finished: then it stands where it was to go. */
  @Override
  public boolean holds(RunToken token, TargetUnit unit, String place) {
    Optional<Destination> known = new RunFolder(state, token).destination(unit.unit());
    Destination to = known.orElseGet(() -> Places.of(config, unit, token.name()));
    return disk(
        to,
        () ->
            known.isPresent()
                ? !place.isEmpty() && new Staging(to).name().equals(place)
                : Trees.exists(to.target()));
  }

  @Override
  public void commit(RunToken token, TargetUnit unit, String place) {
    Optional<Destination> known = new RunFolder(state, token).destination(unit.unit());
    if (!holds(token, unit, place)) {
      Path folder = Places.of(config, unit, token.name()).staging();
      throw new PlaceGone("what was restored in " + folder + " is not there any more");
    }
    if (known.isPresent()) {
      change(known.get(), () -> new Staging(known.get()).commit(replacing(unit)));
    }
  }

  @Override
  public void abort(RunToken token, TargetUnit unit) {
    var folder = new RunFolder(state, token);
    Optional<Destination> known = folder.destination(unit.unit());
    if (known.isPresent()) {
      var staging = new Staging(known.get());
      if (staging.committed()) {
        return;
      }
      change(known.get(), staging::abort);
      folder.forgetDestination(unit.unit());
    }
    folder.tidy();
  }

  /** Folders depend on nothing but their places. */
  @Override
  public void check(String schema, List<TargetUnit> units) {}

  /** A folder needs no definition. */
  @Override
  public void prepare(RunToken token, String schema, List<TargetUnit> units) {}

  @Override
  public void discard(RunToken token) {
    finish(token);
  }

  /** Loose units last: their attributes are those of the folder that all others are put into. */
  @Override
  public Progress finish(RunToken token) {
    var folder = new RunFolder(state, token);
    var units = new ArrayList<>(folder.destinations().entrySet());
    units.sort(Map.Entry.comparingByValue((a, b) -> Boolean.compare(a.loose(), b.loose())));
    for (var unit : units) {
      var staging = new Staging(unit.getValue());
      if (staging.committed() || !Trees.exists(staging.folder())) {
        if (Trees.exists(staging.folder())) {
          change(unit.getValue(), staging::finish);
        }
        folder.forgetDestination(unit.getKey());
      }
    }
    folder.tidy();
    return Progress.ready("");
  }

  private interface Change {
    void run() throws IOException;
  }

  private static void change(Destination to, Change change) {
    disk(
        to,
        () -> {
          change.run();
          return to;
        });
  }

  private static <T> T disk(Destination to, Step<T> step) {
    try {
      return step.run();
    } catch (AccessDeniedException e) {
      throw denied(to, e, "permission denied");
    } catch (FileSystemException e) {
      String reason = String.valueOf(e.getReason());
      boolean hopeless =
          reason.contains("not permitted")
              || reason.contains("Read-only")
              || reason.contains("busy")
              || reason.contains("Invalid cross-device link");
      if (hopeless) {
        throw denied(to, e, Faults.why(e));
      }
      throw new TransientFailure("restore to " + to.target() + ": " + Faults.why(e), e);
    } catch (IOException e) {
      throw new TransientFailure("restore to " + to.target() + ": " + Faults.why(e), e);
    }
  }

  private static PermanentFailure denied(Destination to, FileSystemException e, String found) {
    return PermanentFailure.of(Kind.FAILED, "restore to " + to.target())
        .expected("to be allowed to write and rename beside it, on one file system")
        .found(found + " at " + e.getFile())
        .hint("a mount point cannot be replaced: restore to a folder below it")
        .cause(e);
  }

  /** For who comes back after the commit: what is written has been written. */
  private record TooLate(String place) implements UnitWriter {
    @Override
    public long written(EntryPath path) {
      return 0;
    }

    @Override
    public void write(EntryPath path, long offset, ByteBuffer bytes) {
      bytes.position(bytes.limit());
    }

    @Override
    public void end(FileMeta meta) {}

    @Override
    public void sync() {}

    @Override
    public void close() {}
  }
}
