package dev.tidemark.engine.directory;

import dev.tidemark.core.engine.RunToken;
import dev.tidemark.core.engine.Shard;
import dev.tidemark.core.engine.ShardsDropped;
import dev.tidemark.core.engine.SnapshotGone;
import dev.tidemark.core.engine.Source;
import dev.tidemark.core.engine.UnitReader;
import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.failure.PermanentFailure.Kind;
import dev.tidemark.core.failure.TransientFailure;
import dev.tidemark.engine.directory.DirectoryConfig.Hook;
import dev.tidemark.engine.directory.DirectoryConfig.Root;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads live files; a "snapshot" is only a name. With hooks it also tells which freeze it belongs
 * to: a run that prepares again after a release reads another moment.
 */
record DirectorySource(DirectoryConfig config, Path state, InstantSource clock) implements Source {
  private static final Duration SOON = Duration.ofSeconds(2);

  private boolean hooked() {
    return config.before() != null || config.after() != null;
  }

  /** How much is in a folder is not known before it is listed. */
  @Override
  public int shardsPerUnit() {
    return 1;
  }

  @Override
  public void check(List<String> collections) {
    // A hook may be about to mount a root.
    if (config.before() == null) {
      collections.forEach(this::requireThere);
    }
  }

  @Override
  public Progress prepare(RunToken token, List<String> collections) {
    if (hooked()) {
      var folder = new RunFolder(state, token);
      if (!folder.alone(() -> before(token, folder))) {
        return Progress.later(SOON);
      }
    }
    collections.forEach(this::requireThere);
    return Progress.ready("");
  }

  /** A folder that is not mounted is no empty backup. */
  private void requireThere(String collection) {
    Root root = Units.root(config, collection);
    if (!Files.isDirectory(root.path())) {
      throw PermanentFailure.of(Kind.NOT_FOUND, "root '" + root.name() + "'")
          .expected("a folder at " + root.path())
          .found(Files.exists(root.path()) ? "something that is no folder" : "nothing")
          .hint("mount it, or correct the configuration");
    }
  }

  private void before(RunToken token, RunFolder folder) {
    if (folder.hooks().filter(hooks -> hooks.startsWith("ready ")).isPresent()) {
      return;
    }
    long stamp = clock.millis();
    folder.hooks("begun " + stamp);
    String wrong = run(config.before(), token);
    if (wrong != null) {
      throw PermanentFailure.of(Kind.FAILED, "the before-hook of " + config.name())
          .expected("success of: " + words(config.before()))
          .found(wrong)
          .hint("run it by hand; the after-hook is run in any case");
    }
    folder.hooks("ready " + stamp);
  }

  @Override
  public Progress snapshot(RunToken token, String unit, List<Shard> shards) {
    Shard shard = Units.only(shards);
    requireThere(shard.collection());
    if (isDropped(shard)) {
      throw new ShardsDropped(shards);
    }
    return Progress.ready(name(token, unit));
  }

  private String name(RunToken token, String unit) {
    String name = token.name() + "-" + unit;
    if (!hooked()) {
      return name;
    }
    String hooks = new RunFolder(state, token).hooks().orElse("none");
    if (!hooks.startsWith("ready ")) {
      throw new TransientFailure("run " + token.name() + " is not prepared");
    }
    return name + "-" + hooks.substring("ready ".length());
  }

  @Override
  public UnitReader open(RunToken token, String unit, List<Shard> shards, String snapshot) {
    Shard shard = Units.only(shards);
    Root root = Units.root(config, shard.collection());
    if (!snapshot.equals(nameIfPrepared(token, unit))) {
      throw new SnapshotGone("run " + token.name() + " has given up what it read as " + snapshot);
    }
    if (isDropped(shard)) {
      throw new SnapshotGone("folder " + shard.canonicalName() + " is not there any more");
    }
    return new DirectoryReader(
        Units.directory(root.path(), shard.shard()),
        isChild(shard) ? Units.name(shard.shard()) : new byte[0],
        root.patterns(),
        shard.shard().equals(Units.LOOSE) ? TreeListing.Depth.LOOSE : TreeListing.Depth.ALL,
        clock);
  }

  /** Whether a folder of a root that is there is not; one that cannot be looked at is there. */
  private boolean isDropped(Shard shard) {
    if (!isChild(shard)) {
      return false;
    }
    Path folder = Units.directory(Units.root(config, shard.collection()).path(), shard.shard());
    try {
      return !Stat.of(folder).directory();
    } catch (NoSuchFileException | NotDirectoryException e) {
      return true;
    } catch (IOException e) {
      throw new TransientFailure(
          "folder %s at %s: %s".formatted(shard.canonicalName(), folder, Faults.why(e)), e);
    }
  }

  private static boolean isChild(Shard shard) {
    return !shard.shard().isEmpty() && !shard.shard().equals(Units.LOOSE);
  }

  private @Nullable String nameIfPrepared(RunToken token, String unit) {
    try {
      return name(token, unit);
    } catch (TransientFailure e) {
      return null;
    }
  }

  /** Nothing is held for a single unit. */
  @Override
  public void release(RunToken token, String unit, List<Shard> shards, String snapshot) {}

  /** What a hook began lasts until its end is run. */
  @Override
  public Optional<Duration> heldAtMost() {
    return Optional.empty();
  }

  @Override
  public boolean keepsForResume() {
    return !hooked();
  }

  @Override
  public void releaseAll(RunToken token) {
    var folder = new RunFolder(state, token);
    if (folder.hooks().isEmpty()) {
      folder.tidy();
      return;
    }
    if (!folder.alone(() -> after(token, folder))) {
      throw new TransientFailure("a hook of " + token.name() + " is still running");
    }
    folder.tidy();
  }

  private void after(RunToken token, RunFolder folder) {
    if (folder.hooks().isEmpty()) {
      return;
    }
    String wrong = run(config.after(), token);
    if (wrong != null) {
      throw new TransientFailure(
          "the after-hook of " + config.name() + " (" + words(config.after()) + "): " + wrong);
    }
    folder.forgetHooks();
  }

  private static @Nullable String run(@Nullable Hook hook, RunToken token) {
    if (hook == null) {
      return null;
    }
    try {
      return Command.run(hook, token.name()).orElse(null);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new TransientFailure("interrupted while running: " + words(hook), e);
    }
  }

  /** The program only: arguments may hold a secret. */
  private static String words(@Nullable Hook hook) {
    return hook == null ? "nothing" : hook.run().get(0);
  }
}
