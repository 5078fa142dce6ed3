package dev.tidemark.engine.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tidemark.core.engine.Shard;
import dev.tidemark.core.engine.Target;
import dev.tidemark.core.engine.Target.TargetUnit;
import dev.tidemark.core.engine.Target.UnitWriter;
import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.failure.PermanentFailure.Kind;
import dev.tidemark.core.tree.EntryPath;
import dev.tidemark.core.tree.FileMeta;
import dev.tidemark.core.tree.FileType;
import dev.tidemark.engine.directory.DirectoryConfig.Root;
import dev.tidemark.engine.directory.DirectoryConfig.Split;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RestoreTest {
  private static final String UNIT = "0123456789abcdef0123";
  private static final int EPOCH = 1_600_000_000;

  @TempDir Path folder = Path.of("/");
  private Path source = Path.of("/");
  private Path root = Path.of("/");

  @BeforeEach
  void makeSource() throws IOException {
    folder = folder.toRealPath();
    source = folder.resolve("source");
    root = folder.resolve("roots/data");
    Disk.file(source.resolve("a/b"), "content");
    Disk.file(source.resolve("loose"), "loose");
    Disk.touch(source.resolve("a"), Instant.ofEpochSecond(EPOCH, 123_456_789));
    Disk.touch(source, Instant.ofEpochSecond(EPOCH, 1));
  }

  private Target target() {
    return engine(Split.NONE).target();
  }

  private DirectoryEngine engine(Split split) {
    var data = new Root("data", root, split, List.of(), List.of());
    var config = new DirectoryConfig("files", List.of(data), null, null);
    return new DirectoryEngine(config, folder.resolve("state"), InstantSource.system());
  }

  private static TargetUnit unit(String collection, String shard, boolean replace) {
    return new TargetUnit(
        UNIT, new Shard(collection, shard, "", 0), collection, "", "", true, replace);
  }

  private TargetUnit into(Path place) {
    return new TargetUnit(
        UNIT, new Shard("data", "", "", 0), "data", "", place.toString(), true, false);
  }

  private Target.Room room(TargetUnit unit) {
    return target().rooms(List.of(unit)).get(0);
  }

  private void commit(TargetUnit unit) {
    Disk.commit(target(), unit);
  }

  private void restore(TargetUnit unit) {
    Disk.write(Disk.reader(source), target(), unit);
    commit(unit);
    target().finish(Disk.RUN);
  }

  private Path staging() throws IOException {
    try (var all = Files.walk(folder)) {
      return all.filter(path -> path.getFileName().toString().startsWith(".tidemark-"))
          .findFirst()
          .orElseThrow();
    }
  }

  private void nothingIsLeft() throws IOException {
    assertThat(engine(Split.NONE).catalog().leftovers(Disk.RUN.deployment())).isEmpty();
    try (var all = Files.walk(folder)) {
      assertThat(all.map(String::valueOf).filter(path -> path.contains("tidemark-"))).isEmpty();
    }
  }

  @Test
  void aUnitGoesToItsRootOrBesideItOrIntoAPlace() throws IOException {
    restore(unit("data", "", false));
    assertThat(Disk.view(root)).isEqualTo(Disk.view(source));
    restore(unit("data-old", "", false));
    assertThat(Disk.view(folder.resolve("roots/data-old"))).isEqualTo(Disk.view(source));
    restore(into(folder.resolve("new/place")));
    assertThat(Disk.view(folder.resolve("new/place/data"))).isEqualTo(Disk.view(source));
    nothingIsLeft();
  }

  @Test
  void collectionsAndPlacesThatLeadElsewhereAreRefused() {
    for (String name : List.of("..", ".", "", "a/b", "/etc", "../x")) {
      invalid(
          new TargetUnit(
              UNIT, new Shard(name, "", "", 0), name, "", folder.toString(), true, false));
    }
    for (String shard : List.of("..", "a/b", "%2E%2E", "%2F", "a/../../b")) {
      invalid(
          new TargetUnit(
              UNIT, new Shard("data", shard, "", 0), "data", "", folder.toString(), true, false));
    }
    invalid(
        new TargetUnit(
            UNIT, new Shard("data", "", "", 0), "data", "", "relative/place", true, false));
  }

  private void invalid(TargetUnit unit) {
    assertThatExceptionOfType(PermanentFailure.class)
        .as(unit.toString())
        .isThrownBy(() -> target().begin(Disk.RUN, unit))
        .satisfies(failure -> assertThat(failure.kind()).isEqualTo(Kind.INVALID));
  }

  @Test
  void anEmptyFolderIsFreeAndAnythingElseIsNot() throws IOException {
    Files.createDirectories(root);
    assertThat(room(unit("data", "", false)).existing()).isEmpty();
    restore(unit("data", "", false));
    assertThat(Disk.view(root)).isEqualTo(Disk.view(source));
    assertThat(room(unit("data", "", false)).existing()).isEqualTo("a folder with 2 entries");
    Disk.file(folder.resolve("roots/file"), "x");
    Files.createSymbolicLink(folder.resolve("roots/link"), Path.of("nowhere"));
    for (String name : List.of("data", "file", "link")) {
      assertThatExceptionOfType(PermanentFailure.class)
          .isThrownBy(() -> target().begin(Disk.RUN, unit(name, "", false)))
          .satisfies(failure -> assertThat(failure.kind()).isEqualTo(Kind.CONFLICT));
    }
    restore(unit("link", "", true));
    assertThat(Disk.view(folder.resolve("roots/link"))).isEqualTo(Disk.view(source));
    nothingIsLeft();
  }

  @Test
  void roomTellsTheFreeBytesOfTheVolumeThatThePlaceIsOn() {
    var here = room(into(folder.resolve("x/y/z")));
    assertThat(here.freeBytes().orElseThrow()).isPositive();
    assertThat(here.volume()).isEqualTo(room(unit("data", "", false)).volume());
    assertThat(here.location()).isEqualTo(folder.resolve("x/y/z/data").toString());
    assertThat(Trees.exists(folder.resolve("x"))).isFalse();
  }

  @Test
  void aLinkBelowThePlaceIsNotFollowed() throws IOException {
    Path place = Files.createDirectory(folder.resolve("place"));
    Path outside = Files.createDirectory(folder.resolve("outside"));
    Files.createSymbolicLink(place.resolve("data"), outside);
    var child =
        new TargetUnit(
            UNIT, new Shard("data", "child", "", 0), "data", "", place.toString(), true, true);
    Disk.write(Disk.reader(source), target(), child);
    assertThatExceptionOfType(PermanentFailure.class).isThrownBy(() -> commit(child));
    target().abort(Disk.RUN, child);
    assertThat(Trees.children(outside)).isEmpty();
    nothingIsLeft();
  }

  @Test
  void nothingIsWrittenThroughALinkInTheBackup() throws IOException {
    Path outside = Files.createDirectory(folder.resolve("outside"));
    Disk.file(outside.resolve("victim"), "untouched");
    var link = link("way", outside.toString());
    TargetUnit unit = unit("data", "", false);
    List<List<FileMeta>> attacks =
        List.of(
            List.of(link, FileMeta.file(EntryPath.parse("way/victim"), 3)),
            List.of(FileMeta.file(EntryPath.parse("way/victim"), 3), link),
            List.of(link, link("way/deeper", "/etc")),
            List.of(
                link,
                new FileMeta(
                    EntryPath.parse("way"), FileType.DIRECTORY, 0, 0777, 0, 0, 0, 0, null)),
            List.of(link, hardlink("stolen", "way/victim")),
            List.of(link, hardlink("way/planted", "f")),
            List.of(hardlink("itself", "itself")));
    for (List<FileMeta> attack : attacks) {
      assertThatExceptionOfType(PermanentFailure.class)
          .as(attack.toString())
          .isThrownBy(
              () -> {
                try (UnitWriter writer = target().begin(Disk.RUN, unit)) {
                  writer.end(FileMeta.file(EntryPath.parse("f"), 1));
                  attack.forEach(writer::end);
                  writer.sync();
                }
                commit(unit);
              })
          .satisfies(failure -> assertThat(failure.kind()).isEqualTo(Kind.INVALID));
      target().abort(Disk.RUN, unit);
      assertThat(Trees.exists(root)).isFalse();
    }
    assertThat(Files.readString(outside.resolve("victim"))).isEqualTo("untouched");
    assertThat(Trees.children(outside)).hasSize(1);
    assertThat((Integer) Files.getAttribute(outside.resolve("victim"), "unix:nlink")).isEqualTo(1);
    nothingIsLeft();
  }

  private static FileMeta link(String path, String target) {
    return new FileMeta(EntryPath.parse(path), FileType.SYMLINK, 0, 0777, 0, 0, 0, 0, target);
  }

  private static FileMeta hardlink(String path, String target) {
    return new FileMeta(EntryPath.parse(path), FileType.HARDLINK, 0, 0644, 0, 0, 0, 0, target);
  }

  @Test
  void aFileBelowAFileIsRefused() {
    TargetUnit unit = unit("data", "", false);
    try (UnitWriter writer = target().begin(Disk.RUN, unit)) {
      writer.end(FileMeta.file(EntryPath.parse("f"), 1));
      assertThatExceptionOfType(PermanentFailure.class)
          .isThrownBy(() -> writer.end(FileMeta.file(EntryPath.parse("f/below"), 1)));
    }
  }

  @Test
  void linkTargetsAreKeptByteByByte() throws Exception {
    var targets =
        List.of(
            "a",
            ".",
            "..",
            "./a/",
            "/",
            "/etc/",
            "a/./b/../c/",
            "a//b",
            "//x",
            "%FF/%FE/",
            "a///",
            "%FF//x");
    TargetUnit unit = unit("data", "", false);
    try (UnitWriter writer = target().begin(Disk.RUN, unit)) {
      for (int i = 0; i < targets.size(); i++) {
        if (!targets.get(i).equals("%FF//x")) {
          writer.end(link("l" + (char) ('a' + i), targets.get(i)));
        }
      }
      writer.sync();
    }
    commit(unit);
    var read = new HashMap<String, String>();
    Disk.view(root)
        .keySet()
        .forEach(meta -> read.put(meta.path().toString(), String.valueOf(meta.target())));
    for (int i = 0; i < targets.size() - 1; i++) {
      assertThat(read).containsEntry("l" + (char) ('a' + i), targets.get(i));
    }
  }

  @Test
  void holesStayHoles() throws IOException {
    var sparse = FileMeta.file(EntryPath.parse("sparse"), 64 << 20);
    var hollow = FileMeta.file(EntryPath.parse("hollow"), 64 << 20);
    TargetUnit unit = unit("data", "", false);
    try (UnitWriter writer = target().begin(Disk.RUN, unit)) {
      writer.write(sparse.path(), 32 << 20, ByteBuffer.wrap(new byte[] {1}));
      writer.end(sparse);
      writer.end(hollow);
      writer.sync();
    }
    commit(unit);
    assertThat(Files.size(root.resolve("sparse"))).isEqualTo(64 << 20);
    assertThat(Files.size(root.resolve("hollow"))).isEqualTo(64 << 20);
    assertThat(blocks(root.resolve("sparse"))).isLessThan(1000);
    assertThat(blocks(root.resolve("hollow"))).isLessThan(1000);
  }

  /** Allocated blocks of 512 bytes; the JDK does not tell them. */
  private static long blocks(Path file) throws IOException {
    Process process = new ProcessBuilder("stat", "-c", "%b", file.toString()).start();
    return Long.parseLong(
        new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip());
  }

  @Test
  void ownersAreRestoredByRootAndSetIdBitsOnlyWithThem() throws IOException {
    var owned =
        new FileMeta(EntryPath.parse("f"), FileType.FILE, 0, 04755, 12_345, 54_321, EPOCH, 0, null);
    TargetUnit unit = unit("data", "", false);
    try (UnitWriter writer = target().begin(Disk.RUN, unit)) {
      writer.end(owned);
      writer.sync();
    }
    commit(unit);
    Stat stat = Stat.of(root.resolve("f"));
    if (Disk.root()) {
      assertThat(stat.meta(owned.path(), FileType.FILE, null)).isEqualTo(owned);
    } else {
      assertThat(stat.mode() & 07777).isEqualTo(0755);
    }
  }

  @Test
  void aCommitThatWasInterruptedGoesOnWhereItStopped() throws IOException {
    Disk.file(root.resolve("old"), "old");
    TargetUnit unit = unit("data", "", true);
    Disk.write(Disk.reader(source), target(), unit);
    Files.move(root, staging().resolve("old"));
    commit(unit);
    assertThat(Disk.view(root)).isEqualTo(Disk.view(source));
    target().finish(Disk.RUN);
    nothingIsLeft();
  }

  @Test
  void aCommitThatWasInterruptedAfterTheLastRenameStillSetsTheAttributes() throws IOException {
    TargetUnit unit = unit("data", "", false);
    Disk.write(Disk.reader(source), target(), unit);
    Path data = staging().resolve("data");
    new LateEntries(staging().resolve("late")).close(data, new Attributes(Stat.of(data)));
    Files.createDirectories(folder.resolve("roots"));
    Files.move(data, root);
    assertThat(Disk.view(root)).isNotEqualTo(Disk.view(source));
    target().abort(Disk.RUN, unit);
    commit(unit);
    assertThat(Disk.view(root)).isEqualTo(Disk.view(source));
    try (UnitWriter late = target().begin(Disk.RUN, unit)) {
      late.end(FileMeta.file(EntryPath.parse("too-late"), 1));
      late.sync();
    }
    target().finish(Disk.RUN);
    assertThat(Disk.view(root)).isEqualTo(Disk.view(source));
    nothingIsLeft();
  }

  @Test
  void anAbortedReplacementPutsBackWhatWasThere() throws IOException {
    Disk.file(root.resolve("old"), "old");
    Map<FileMeta, String> before = Disk.view(root);
    TargetUnit unit = unit("data", "", true);
    Disk.write(Disk.reader(source), target(), unit);
    Files.move(root, staging().resolve("old"));
    target().abort(Disk.RUN, unit);
    assertThat(Disk.view(root)).isEqualTo(before);
    nothingIsLeft();
  }

  @Test
  void whatIsReplacedIsKeptUntilTheRunFinishes() throws IOException {
    Disk.file(root.resolve("old"), "old");
    TargetUnit unit = unit("data", "", true);
    Disk.write(Disk.reader(source), target(), unit);
    commit(unit);
    assertThat(staging().resolve("old/old")).hasContent("old");
    target().finish(Disk.RUN);
    nothingIsLeft();
  }

  private record Divided(TargetUnit loose, TargetUnit child) {}

  private static Divided divided(boolean replace) {
    return new Divided(
        new TargetUnit("unit0", new Shard("data", ".", "", 0), "data", "", "", true, replace),
        new TargetUnit("unit1", new Shard("data", "a", "", 0), "data", "", "", true, replace));
  }

  private void writeDivided(Divided units) {
    var loose =
        new DirectoryReader(
            source, new byte[0], Patterns.ALL, TreeListing.Depth.LOOSE, InstantSource.system());
    Disk.write(loose, target(), units.loose());
    Disk.write(Disk.reader(source.resolve("a")), target(), units.child());
  }

  @Test
  void aDividedRootIsTheSameAgainInWhateverOrderItsUnitsAreCommitted() throws IOException {
    Divided units = divided(false);
    for (List<TargetUnit> order :
        List.of(List.of(units.loose(), units.child()), List.of(units.child(), units.loose()))) {
      writeDivided(units);
      order.forEach(unit -> commit(unit));
      target().finish(Disk.RUN);
      assertThat(Disk.view(root)).isEqualTo(Disk.view(source));
      nothingIsLeft();
      Trees.delete(root);
    }
  }

  @Test
  void aDividedRootIsRestoredOverAnotherOnlyIfTold() throws IOException {
    Disk.file(root.resolve("mine"), "mine");
    Disk.file(root.resolve("a/mine"), "mine");
    for (TargetUnit unit : List.of(divided(false).loose(), divided(false).child())) {
      assertThatExceptionOfType(PermanentFailure.class)
          .isThrownBy(() -> target().begin(Disk.RUN, unit));
    }
    var units = divided(true);
    writeDivided(units);
    commit(units.loose());
    commit(units.child());
    target().finish(Disk.RUN);
    assertThat(Disk.view(root)).isEqualTo(Disk.view(source));
    nothingIsLeft();
  }

  @Test
  void looseFilesThatWereMovedHalfWayGoOnOrBack() throws IOException {
    Disk.file(root.resolve("mine"), "mine");
    Map<FileMeta, String> before = Disk.view(root);
    TargetUnit loose = divided(true).loose();
    for (boolean on : new boolean[] {false, true}) {
      writeDivided(divided(true));
      target().abort(Disk.RUN, divided(true).child());
      Path staging = staging();
      Trees.folder(staging.resolve("old"));
      Files.move(root.resolve("mine"), staging.resolve("old/mine"));
      Disk.file(staging.resolve("aside"), "");
      Disk.file(staging.resolve("moving"), "loose\n");
      Files.move(staging.resolve("data/loose"), root.resolve("loose"));
      if (on) {
        commit(loose);
        assertThat(Disk.paths(Disk.reader(root))).containsExactly("", "loose");
        target().finish(Disk.RUN);
      } else {
        target().abort(Disk.RUN, loose);
        assertThat(Disk.paths(Disk.reader(root))).containsExactly("", "mine");
        assertThat(Disk.view(root)).hasSameSizeAs(before);
      }
      nothingIsLeft();
    }
  }

  @Test
  void aSmallFileThatCannotStandThereIsToldBeforeAnythingCountsAsSafe() throws IOException {
    try (UnitWriter writer = target().begin(Disk.RUN, unit("data", "", false))) {
      file(writer, "a/b", "content");
      file(writer, "a", "not a folder any more");
      assertThatExceptionOfType(PermanentFailure.class)
          .isThrownBy(writer::sync)
          .withMessageContaining("entry a")
          .withMessageContaining("a folder with entries in it");
    }
  }

  @Test
  void whatLiesBelowASmallFileIsRefusedHoweverSoonItComes() {
    try (UnitWriter writer = target().begin(Disk.RUN, unit("data", "", false))) {
      file(writer, "a", "no folder");
      assertThatExceptionOfType(PermanentFailure.class)
          .isThrownBy(() -> file(writer, "a/b", "content"))
          .withMessageContaining("entry a");
    }
  }

  @Test
  void ofASmallFileThatIsWrittenTwiceTheLastOneCounts() throws IOException {
    TargetUnit unit = unit("data", "", false);
    try (UnitWriter writer = target().begin(Disk.RUN, unit)) {
      for (int i = 0; i < 200; i++) {
        file(writer, "a/b", "content " + i);
      }
      writer.write(EntryPath.parse("begun"), 0, bytes("half"));
      writer.sync();
      assertThat(writer.written(EntryPath.parse("begun"))).isEqualTo(4);
      writer.write(EntryPath.parse("begun"), 4, bytes(" and half"));
      writer.end(FileMeta.file(EntryPath.parse("begun"), 13));
      writer.sync();
    }
    commit(unit);
    assertThat(root.resolve("a/b")).hasContent("content 199");
    assertThat(root.resolve("begun")).hasContent("half and half");
  }

  private static void file(UnitWriter writer, String path, String content) {
    EntryPath at = EntryPath.parse(path);
    writer.write(at, 0, bytes(content));
    writer.end(FileMeta.file(at, content.length()));
  }

  private static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
  }
}
