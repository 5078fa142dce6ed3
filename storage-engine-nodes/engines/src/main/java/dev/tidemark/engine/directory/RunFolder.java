package dev.tidemark.engine.directory;

import dev.tidemark.core.engine.RunToken;
import dev.tidemark.core.failure.TransientFailure;
import dev.tidemark.core.tree.EntryPath;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What is remembered of a run on this machine, in {@code <state>/<token>/}: {@code hooks} (begun or
 * ready, and when) and {@code <unit>.target} for each unit that is restored (where its staging
 * folder and its destination are). Written before what it tells of is begun, removed after it has
 * ended, so that a crashed run's doings are known.
 */
final class RunFolder {
  private static final String HOOKS = "hooks";
  private static final String TARGET = ".target";

  private final Path folder;

  /** Where a unit is restored. */
  record Destination(Path staging, Path target, boolean loose) {}

  /**
   * @param state the cluster's folder
   */
  RunFolder(Path state, RunToken token) {
    this.folder = state.resolve(token.name());
  }

  /** Names of all runs of a deployment that something is remembered of. */
  static List<String> tokens(Path state, String deployment) {
    var names = new ArrayList<String>();
    try (var found = Files.newDirectoryStream(state, "tidemark-" + deployment + "-*")) {
      found.forEach(path -> names.add(String.valueOf(path.getFileName())));
    } catch (NoSuchFileException e) {
      return List.of();
    } catch (IOException e) {
      throw failure(state, e);
    }
    return names.stream().sorted().toList();
  }

  /** {@code begun <stamp>} or {@code ready <stamp>}; empty where no hook was begun. */
  Optional<String> hooks() {
    return read(HOOKS);
  }

  void hooks(String text) {
    write(HOOKS, text);
  }

  void forgetHooks() {
    remove(HOOKS);
  }

  /**
   * Does something that no other process may do at the same time for this run.
   *
   * @return false where another one does it
   */
  boolean alone(Runnable action) {
    try {
      Files.createDirectories(folder);
      try (FileChannel channel =
              FileChannel.open(
                  folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
          FileLock lock = channel.tryLock()) {
        if (lock == null) {
          return false;
        }
        action.run();
        return true;
      } catch (OverlappingFileLockException e) {
        return false;
      }
    } catch (IOException e) {
      throw failure(folder, e);
    }
  }

  Optional<Destination> destination(String unit) {
    return read(unit + TARGET).map(RunFolder::parse);
  }

  void destination(String unit, Destination destination) {
    write(
        unit + TARGET,
        "%s\n%s\n%s"
            .formatted(
                EntryPath.escape(RawNames.bytes(destination.staging())),
                EntryPath.escape(RawNames.bytes(destination.target())),
                destination.loose() ? "loose" : "whole"));
  }

  void forgetDestination(String unit) {
    remove(unit + TARGET);
  }

  /** By unit. */
  Map<String, Destination> destinations() {
    var all = new TreeMap<String, Destination>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*" + TARGET)) {
      for (Path file : files) {
        String name = String.valueOf(file.getFileName());
        String unit = name.substring(0, name.length() - TARGET.length());
        destination(unit).ifPresent(destination -> all.put(unit, destination));
      }
    } catch (NoSuchFileException e) {
      return all;
    } catch (IOException e) {
      throw failure(folder, e);
    }
    return all;
  }

  /** Removes the folder if nothing is remembered any more. */
  void tidy() {
    if (hooks().isPresent() || !destinations().isEmpty()) {
      return;
    }
    try {
      Trees.delete(folder);
    } catch (IOException e) {
      throw failure(folder, e);
    }
  }

  private static Destination parse(String text) {
    String[] lines = text.split("\n", -1);
    return new Destination(
        RawNames.path(EntryPath.unescape(lines[0])),
        RawNames.path(EntryPath.unescape(lines[1])),
        lines[2].equals("loose"));
  }

  private Optional<String> read(String name) {
    try {
      return Optional.of(Files.readString(folder.resolve(name), StandardCharsets.US_ASCII));
    } catch (NoSuchFileException | NotDirectoryException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw failure(folder, e);
    }
  }

  /** Whole or not at all, and safe when it returns. */
  private void write(String name, String text) {
    try {
      Files.createDirectories(folder);
      Path draft = Files.createTempFile(folder, name, ".tmp");
      try (FileChannel channel = FileChannel.open(draft, StandardOpenOption.WRITE)) {
        channel.write(StandardCharsets.US_ASCII.encode(text));
        channel.force(true);
      }
      Files.move(draft, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE);
      Durable.folder(folder);
    } catch (IOException e) {
      throw failure(folder, e);
    }
  }

  private void remove(String name) {
    try {
      Files.deleteIfExists(folder.resolve(name));
    } catch (IOException e) {
      throw failure(folder, e);
    }
  }

  private static TransientFailure failure(Path folder, IOException e) {
    return new TransientFailure("the state folder " + folder + ": " + Faults.why(e), e);
  }
}
