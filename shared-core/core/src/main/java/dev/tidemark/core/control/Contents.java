package dev.tidemark.core.control;

import static dev.tidemark.core.failure.PermanentFailure.Kind.INVALID;
import static dev.tidemark.core.failure.PermanentFailure.Kind.NOT_FOUND;

import dev.tidemark.core.contents.BackupContents;
import dev.tidemark.core.contents.BackupContents.Item;
import dev.tidemark.core.control.ContentsPage.Position;
import dev.tidemark.core.control.Control.EntryView;
import dev.tidemark.core.engine.Shard;
import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.tree.EntryPath;
import dev.tidemark.core.vault.Manifest;
import dev.tidemark.core.vault.UnitShards;
import dev.tidemark.core.vault.Vault;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** The wanted entries of one backup. */
final class Contents {
  private final BackupContents contents;
  private final Manifest manifest;
  private final List<EntryPath> paths;
  private final Map<String, Place> shards = new HashMap<>();

  /** A shard, and how many come before it. */
  private record Place(Shard shard, int number) {}

  /**
   * @param paths as {@link ContentsRequest} has them
   */
  Contents(Vault vault, Manifest manifest, List<EntryPath> paths) {
    this.contents = new BackupContents(vault);
    this.manifest = manifest;
    this.paths = List.copyOf(paths);
    contents.units(
        manifest,
        unit ->
            UnitShards.of(unit)
                .all()
                .forEach(
                    shard -> shards.put(shard.canonicalName(), new Place(shard, shards.size()))));
  }

  void all(Consumer<EntryView> sink) {
    boolean[] any = {paths.isEmpty()};
    contents.entries(
        manifest,
        this::touches,
        EntryPath.ROOT,
        item -> {
          if (wanted(item)) {
            any[0] = true;
            sink.accept(view(item));
          }
        });
    requireSome(any[0]);
  }

  private void requireSome(boolean any) {
    if (!any) {
      throw PermanentFailure.of(NOT_FOUND, "path '" + paths.get(0) + "'")
          .expected("an entry of backup " + manifest.header().backup())
          .found("none there or below")
          .hint("leave the path out to list everything");
    }
  }

  ContentsPage page(Position after, int limit) {
    Predicate<String> rest = shardsFrom(after);
    List<EntryView> entries = new ArrayList<>();
    Position[] last = {after};
    try {
      contents.entries(
          manifest,
          rest,
          EntryPath.ROOT,
          item -> {
            if (!isAfter(item, after) || !wanted(item)) {
              return;
            }
            if (entries.size() == limit) {
              throw new PageFull();
            }
            entries.add(view(item));
            last[0] = new Position(item.shard(), item.entry().path());
          });
    } catch (PageFull e) {
      return new ContentsPage(entries, last[0]);
    }
    requireSome(paths.isEmpty() || !entries.isEmpty() || !after.shard().isEmpty());
    return new ContentsPage(entries, null);
  }

  /** Those that may hold wanted entries, without those that come before a position. */
  private Predicate<String> shardsFrom(Position after) {
    if (after.shard().isEmpty()) {
      return this::touches;
    }
    Place begun = shards.get(after.shard());
    if (begun == null) {
      throw PermanentFailure.of(INVALID, "the page after '" + after.shard() + "'")
          .expected("a shard of backup " + manifest.header().backup())
          .found("none of that name")
          .hint("begin with the first page");
    }
    return shard -> place(shard).number() >= begun.number() && touches(shard);
  }

  private Place place(String shard) {
    return Objects.requireNonNull(shards.get(shard), shard);
  }

  private static boolean isAfter(Item item, Position after) {
    return !item.shard().equals(after.shard()) || item.entry().path().compareTo(after.path()) > 0;
  }

  private boolean wanted(Item item) {
    return paths.isEmpty() || paths.stream().anyMatch(path -> whole(item).startsWith(path));
  }

  private boolean touches(String shard) {
    EntryPath name = EntryPath.parse(shard);
    return paths.isEmpty()
        || paths.stream().anyMatch(path -> name.startsWith(path) || path.startsWith(name));
  }

  private EntryView view(Item item) {
    Shard shard = place(item.shard()).shard();
    return new EntryView(shard.collection(), shard.shard(), item.entry());
  }

  private static EntryPath whole(Item item) {
    return item.entry().path().isRoot()
        ? EntryPath.parse(item.shard())
        : EntryPath.parse(item.shard() + "/" + item.entry().path());
  }

  /** Ends a walk whose reader has enough. */
  private static final class PageFull extends RuntimeException {
    private static final long serialVersionUID = 1L;

    PageFull() {
      super("the page is full", null, false, false);
    }
  }
}
