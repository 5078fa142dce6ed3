package dev.tidemark.engine.directory;

import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.failure.PermanentFailure.Kind;
import dev.tidemark.core.tree.EntryPath;
import dev.tidemark.engine.directory.RunFolder.Destination;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * A staging folder and what becomes of it. In it:
 *
 * <pre>
 * data/       the tree; gone once it stands at its destination
 * late        folders and links, see LateEntries
 * progress    how much of unfinished files is safe
 * begun       data/ was made: from now on its absence means that it stands at its destination; in
 *             it a name that no other staging folder had
 * old         what was replaced (of a loose unit: a folder of it), until the run finishes
 * aside       (loose) all that is to be replaced was put into old
 * moving      (loose) the names that are put into place, one after another
 * committed   nothing is left to do but to finish
 * </pre>
 *
 * Each step of a commit can be repeated, and its successor begins only after it is done.
 */
final class Staging {
  private final Path folder;
  private final Path target;
  private final boolean loose;

  Staging(Destination destination) {
    this.folder = destination.staging();
    this.target = destination.target();
    this.loose = destination.loose();
  }

  Path folder() {
    return folder;
  }

  Path data() {
    return folder.resolve("data");
  }

  Path late() {
    return folder.resolve("late");
  }

  Path progress() {
    return folder.resolve("progress");
  }

  private Path old() {
    return folder.resolve("old");
  }

  private boolean marked(String marker) {
    return Trees.exists(folder.resolve(marker));
  }

  private void mark(String marker) throws IOException {
    write(folder.resolve(marker), "");
  }

  void begin() throws IOException {
    Trees.folder(folder);
    if (!marked("begun")) {
      Trees.folder(data());
      write(folder.resolve("begun"), UUID.randomUUID().toString());
    }
  }

  /** The name of this staging; empty where it is not begun, or is gone. */
  String name() throws IOException {
    return marked("begun") ? Files.readString(folder.resolve("begun")) : "";
  }

  /** Whether a commit has begun to change the destination, so that nothing more can be written. */
  boolean committing() {
    return marked("committed") || marked("moving") || placed();
  }

  /** Whether the tree stands at its destination. */
  private boolean placed() {
    return marked("begun") && !Trees.exists(data());
  }

  boolean committed() {
    return marked("committed") || (!loose && placed());
  }

  void commit(Replacing replacing) throws IOException {
    if (marked("committed")) {
      return;
    }
    if (!marked("begun")) {
      throw PermanentFailure.of(Kind.NOT_FOUND, "restore to " + target)
          .expected("a unit that was begun and written")
          .found("none");
    }
    if (loose) {
      commitLoose(replacing);
    } else {
      commitWhole(replacing);
    }
    mark("committed");
  }

  private void commitWhole(Replacing replacing) throws IOException {
    var entries = new LateEntries(late());
    if (Trees.exists(data())) {
      boolean putAside = Trees.exists(old());
      (putAside ? Replacing.NO : replacing).require(target, Existing.all(target));
      prepare(entries);
      Existing.makeParents(target);
      if (!Existing.all(target).isEmpty()) {
        Trees.rename(target, old());
      }
      Trees.rename(data(), target);
    }
    entries.closeTop(target, attributes());
    Path parent = target.getParent();
    if (parent != null) {
      Durable.folder(parent);
    }
  }

  private void prepare(LateEntries entries) throws IOException {
    entries.link(data(), attributes());
    entries.close(data(), attributes());
  }

  private Attributes attributes() throws IOException {
    return new Attributes(Stat.of(folder));
  }

  private void commitLoose(Replacing replacing) throws IOException {
    var entries = new LateEntries(late());
    if (!marked("moving")) {
      if (!marked("aside")) {
        replacing.require(target, Existing.loose(target));
        prepare(entries);
        putAside();
        mark("aside");
      }
      Replacing.NO.require(target, Existing.loose(target));
      write(folder.resolve("moving"), names(data()));
    }
    Existing.makeParents(target);
    Trees.folder(target);
    for (Path staged : Trees.children(data())) {
      Path place = RawNames.child(target, RawNames.name(staged));
      Replacing.NO.require(place, Existing.all(place));
      Trees.rename(staged, place);
    }
    entries.openTop(target, attributes());
    Durable.folder(target);
  }

  private void putAside() throws IOException {
    if (!Trees.exists(target)) {
      return;
    }
    Trees.folder(old());
    for (Path child : Trees.children(target)) {
      if (!Stat.of(child).directory()) {
        Trees.rename(child, RawNames.child(old(), RawNames.name(child)));
      }
    }
  }

  private static String names(Path directory) throws IOException {
    var names = new StringBuilder();
    for (Path child : Trees.children(directory)) {
      names.append(EntryPath.escape(RawNames.name(child))).append('\n');
    }
    return names.toString();
  }

  /** Puts back what a commit that did not end has moved, and removes the staging folder. */
  void abort() throws IOException {
    if (loose) {
      undoLoose();
    } else if (Trees.exists(old()) && !Trees.exists(target)) {
      Trees.rename(old(), target);
    }
    Trees.delete(folder);
  }

  private void undoLoose() throws IOException {
    List<String> moving = new ArrayList<>();
    if (marked("moving")) {
      moving = Files.readAllLines(folder.resolve("moving"), StandardCharsets.US_ASCII);
    }
    for (String escaped : moving) {
      byte[] name = EntryPath.unescape(escaped);
      Path staged = RawNames.child(data(), name);
      Path place = RawNames.child(target, name);
      if (!Trees.exists(staged) && Trees.exists(place)) {
        Trees.rename(place, staged);
      }
    }
    if (Trees.exists(old())) {
      for (Path child : Trees.children(old())) {
        Trees.rename(child, RawNames.child(target, RawNames.name(child)));
      }
    }
  }

  /** Removes what was replaced; a divided root gets its own attributes, now that all is in it. */
  void finish() throws IOException {
    commit(Replacing.NO);
    if (loose) {
      new LateEntries(late()).closeTop(target, attributes());
      Durable.folder(target);
    }
    Trees.delete(folder);
  }

  /** Writes one of our small files, whole or not at all, and safe when it returns. */
  void write(Path file, String text) throws IOException {
    Path draft = folder.resolve("draft");
    Files.deleteIfExists(draft);
    try (FileChannel channel =
        FileChannel.open(draft, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      var bytes = StandardCharsets.US_ASCII.encode(text);
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    }
    Trees.rename(draft, file);
    Durable.folder(folder);
  }

  /** Whether what exists may give way. */
  enum Replacing {
    NO,
    YES;

    void require(Path target, String existing) {
      if (this == NO && !existing.isEmpty()) {
        throw PermanentFailure.of(Kind.CONFLICT, "restore to " + target)
            .expected("nothing there, or an empty folder")
            .found(existing)
            .hint("restore to another place or under another name, or allow replacing it");
      }
    }
  }
}
