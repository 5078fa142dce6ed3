package dev.tidemark.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.core.engine.Catalog;
import dev.tidemark.core.engine.ClusterDescription;
import dev.tidemark.core.engine.Guard;
import dev.tidemark.core.engine.RunToken;
import dev.tidemark.core.engine.Shard;
import dev.tidemark.core.engine.SnapshotGone;
import dev.tidemark.core.engine.Source;
import dev.tidemark.core.engine.Source.Progress;
import dev.tidemark.core.engine.StorageEngine;
import dev.tidemark.core.engine.Target;
import dev.tidemark.core.engine.Target.TargetUnit;
import dev.tidemark.core.engine.Target.UnitWriter;
import dev.tidemark.core.engine.UnitReader;
import dev.tidemark.core.engine.UnitReader.SourceFile;
import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.failure.PermanentFailure.Kind;
import dev.tidemark.core.tree.EntryPath;
import dev.tidemark.core.tree.FileMeta;
import dev.tidemark.core.tree.FileType;
import dev.tidemark.core.vault.VaultKeys;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** What every {@link StorageEngine} does. */
public interface StorageEngineContract {
  String DEPLOYMENT = "contract";
  RunToken RUN = new RunToken(DEPLOYMENT, "aaaaaaaaaaaa");
  RunToken OTHER = new RunToken(DEPLOYMENT, "bbbbbbbbbbbb");
  int PATIENCE = 100;
  int PIECE = 40_000;

  /** The environment of this test, the same each time within it. */
  StorageEngineEnvironment environment();

  // Catalog

  @Test
  default void theCatalogDescribesTheClusterTheSameWayToEveryClient() {
    ClusterDescription described = environment().open().catalog().describe();
    assertThat(environment().open().catalog().describe()).isEqualTo(described);
    assertThat(described.collections()).hasSizeGreaterThan(1).doesNotHaveDuplicates();
    assertThat(described.nodes()).isNotEmpty().doesNotHaveDuplicates();
    assertThat(described.consistency()).isIn("crash", "point-in-time");
    assertThat(described.scope()).isIn("file", "unit", "collection", "cluster");
  }

  @Test
  default void shardsArePagedInTheOrderOfTheirNames() {
    Catalog catalog = environment().open().catalog();
    List<Shard> all = catalog.shards(null, 1_000);
    var paged = new ArrayList<Shard>();
    for (var page = catalog.shards(null, 1); !page.isEmpty(); ) {
      assertThat(page).hasSize(1);
      paged.addAll(page);
      page = catalog.shards(page.get(0).canonicalName(), 1);
    }
    assertThat(paged).isEqualTo(all).hasSizeGreaterThan(1);
    assertThat(all).extracting(Shard::canonicalName).isSorted().doesNotHaveDuplicates();
    ClusterDescription described = catalog.describe();
    assertThat(all).extracting(Shard::collection).hasSameElementsAs(described.collections());
    assertThat(all).extracting(Shard::node).isSubsetOf(described.nodes());
  }

  @Test
  default void lookingAtAClusterChangesNothing() {
    Object before = environment().belongings();
    Catalog catalog = environment().open().catalog();
    catalog.describe();
    catalog.shards(null, 10);
    catalog.census(catalog.describe().collections());
    assertThat(catalog.leftovers(DEPLOYMENT)).isEmpty();
    assertThat(environment().belongings()).isEqualTo(before);
  }

  @Test
  default void aClusterThatIsMadeAnewHasAnotherFingerprint() {
    String before = environment().open().catalog().describe().fingerprint();
    environment().change();
    assertThat(environment().open().catalog().describe().fingerprint()).isEqualTo(before);
    environment().recreate();
    assertThat(environment().open().catalog().describe().fingerprint()).isNotEqualTo(before);
  }

  // Source

  @Test
  default void aSnapshotOnceBegunIsFoundByEveryClient() {
    Shard shard = shard();
    String name = snapshot(RUN, shard);
    String again = snapshot(RUN, shard);
    assertThat(again).isEqualTo(name);
  }

  @Test
  default void entriesAreListedStrictlyAscendingAndTheSameEachTime() {
    try (UnitReader reader = reader(RUN, shard())) {
      List<SourceFile> files = list(reader);
      assertThat(files.stream().map(f -> f.meta().path()).toList())
          .isSorted()
          .doesNotHaveDuplicates();
      assertThat(list(reader)).isEqualTo(files);
      assertThat(files.stream().filter(f -> f.meta().type() == FileType.FILE))
          .hasSizeGreaterThan(2);
      assertThat(files.stream().filter(f -> f.meta().type() != FileType.FILE))
          .allMatch(f -> f.meta().size() == 0);
    }
  }

  @Test
  default void aFileIsReadAtAnyOffset() {
    try (UnitReader reader = reader(RUN, shard())) {
      SourceFile large = largest(reader);
      EntryPath path = large.meta().path();
      byte[] whole = bytes(reader, large.meta());
      try (UnitReader.Content content = reader.open(path)) {
        for (int offset : new int[] {whole.length - 1, 0, 77_777, whole.length / 2}) {
          ByteBuffer piece = ByteBuffer.allocate(1_000);
          int expected = Math.min(1_000, whole.length - offset);
          assertThat(content.read(offset, piece)).isEqualTo(expected);
          byte[] slice = Arrays.copyOfRange(whole, offset, offset + expected);
          assertThat(Arrays.copyOf(piece.array(), expected)).isEqualTo(slice);
        }
        assertThat(content.read(whole.length, ByteBuffer.allocate(10))).isZero();
        assertThat(content.read(whole.length + 10L, ByteBuffer.allocate(10))).isZero();
      }
      assertThat(reader.look(path)).map(SourceFile::identity).contains(large.identity());
    }
  }

  @Test
  default void whatIsNotThereIsGoneAndNotBroken() {
    try (UnitReader reader = reader(RUN, shard())) {
      EntryPath missing = EntryPath.parse("no/such/file");
      assertThat(reader.look(missing)).isEmpty();
      assertThatExceptionOfType(UnitReader.FileGone.class).isThrownBy(() -> reader.open(missing));
    }
  }

  @Test
  default void aSnapshotIsEitherStableOrTellsOfChanges() {
    try (UnitReader reader = reader(RUN, shard())) {
      List<SourceFile> before = list(reader);
      var content = contents(reader);
      environment().change();
      if (reader.stable()) {
        assertThat(contents(reader)).isEqualTo(content);
      } else {
        assertThat(list(reader)).isNotEqualTo(before);
      }
    }
  }

  @Test
  default void whatHasNotChangedKeepsItsIdentityInLaterSnapshots() {
    environment().pass(Duration.ofSeconds(5));
    Map<EntryPath, String> first;
    try (UnitReader reader = reader(RUN, shard())) {
      assertThat(list(reader)).allMatch(SourceFile::strong);
      first = identities(reader);
    }
    environment().open().source().releaseAll(RUN);
    Map<EntryPath, String> unchanged;
    try (UnitReader reader = reader(OTHER, shard())) {
      unchanged = identities(reader);
    }
    assertThat(unchanged).isEqualTo(first);
    environment().open().source().releaseAll(OTHER);
    environment().change();
    try (UnitReader reader = reader(RUN, shard())) {
      assertThat(identities(reader)).isNotEqualTo(first);
    }
  }

  @Test
  default void aReleasedSnapshotIsGoneAndReleasingItAgainDoesNoHarm() {
    Shard shard = shard();
    String name = snapshot(RUN, shard);
    for (int i = 0; i < 2; i++) {
      environment().open().source().release(RUN, unit(shard), List.of(shard), name);
    }
    environment().open().source().releaseAll(RUN);
    assertThat(environment().open().catalog().leftovers(DEPLOYMENT)).isEmpty();
  }

  @Test
  default void aRunsSnapshotsDoNotConcernAnotherRun() {
    Shard shard = shard();
    String mine = snapshot(RUN, shard);
    String others = snapshot(OTHER, shard);
    environment().open().source().release(OTHER, unit(shard), List.of(shard), others);
    environment().open().source().releaseAll(OTHER);
    try (UnitReader reader =
        environment().open().source().open(RUN, unit(shard), List.of(shard), mine)) {
      assertThat(contents(reader)).isNotEmpty();
    }
  }

  @Test
  default void releasingARunLeavesNothingOfItAndEverythingOfTheUser() {
    Object before = environment().belongings();
    for (Shard shard : environment().open().catalog().shards(null, 1_000)) {
      snapshot(RUN, shard);
    }
    environment().open().source().releaseAll(RUN);
    assertThat(environment().open().catalog().leftovers(DEPLOYMENT)).isEmpty();
    assertThat(environment().belongings()).isEqualTo(before);
    environment().open().source().releaseAll(RUN);
    assertThat(environment().belongings()).isEqualTo(before);
  }

  @Test
  default void aSnapshotThatNeverWasIsGone() {
    Shard shard = shard();
    assertThatThrownBy(
            () -> {
              try (UnitReader reader =
                  environment()
                      .open()
                      .source()
                      .open(RUN, unit(shard), List.of(shard), RUN.name() + "-no-such")) {
                list(reader);
              }
            })
        .isInstanceOf(SnapshotGone.class);
  }

  // Target

  @Test
  default void aUnitWrittenBackElsewhereIsTheSame() {
    TargetUnit target = target();
    var content = copy(RUN, target);
    environment().open().target().commit(RUN, target);
    environment().open().target().finish(RUN);
    assertThat(environment().at(target)).isEqualTo(content);
    environment().open().source().releaseAll(RUN);
    assertThat(environment().open().catalog().leftovers(DEPLOYMENT)).isEmpty();
  }

  @Test
  default void nothingIsVisibleBeforeTheCommit() {
    TargetUnit target = target();
    assertThat(environment().open().target().room(target).existing()).isEmpty();
    copy(RUN, target);
    assertThat(environment().at(target)).isEmpty();
    assertThat(environment().open().target().room(target).existing()).isEmpty();
    assertThat(environment().open().catalog().leftovers(DEPLOYMENT)).isNotEmpty();
    environment().open().target().commit(RUN, target);
    assertThat(environment().open().target().room(target).existing()).isNotEmpty();
  }

  @Test
  default void committingAndFinishingAgainDoNoHarm() {
    TargetUnit target = target();
    var content = copy(RUN, target);
    for (int i = 0; i < 2; i++) {
      environment().open().target().commit(RUN, target);
      assertThat(environment().at(target)).isEqualTo(content);
    }
    for (int i = 0; i < 2; i++) {
      environment().open().target().finish(RUN);
      assertThat(environment().at(target)).isEqualTo(content);
    }
    environment().open().target().commit(RUN, target);
    assertThat(environment().at(target)).isEqualTo(content);
  }

  @Test
  default void anotherClientGoesOnWhereTheFirstHadSynced() {
    TargetUnit target = target();
    try (UnitReader reader = reader(RUN, shard())) {
      FileMeta large = largest(reader).meta();
      byte[] whole = bytes(reader, large);
      try (UnitWriter writer = environment().open().target().begin(RUN, target)) {
        parents(reader, large.path()).forEach(writer::end);
        writer.write(large.path(), 0, ByteBuffer.wrap(whole, 0, PIECE));
        writer.sync();
      }
      try (UnitWriter writer = environment().open().target().begin(RUN, target)) {
        long written = writer.written(large.path());
        assertThat(written).isEqualTo(PIECE);
        assertThat(writer.written(EntryPath.parse("never-begun"))).isZero();
        writer.write(large.path(), PIECE, ByteBuffer.wrap(whole, PIECE, whole.length - PIECE));
        list(reader).stream()
            .filter(f -> !f.meta().path().equals(large.path()))
            .forEach(f -> write(reader, f.meta(), writer));
        writer.end(large);
        writer.sync();
      }
      environment().open().target().commit(RUN, target);
      assertThat(environment().at(target)).isEqualTo(contents(reader));
    }
  }

  @Test
  default void writingEverythingASecondTimeGivesTheSame() {
    TargetUnit target = target();
    copy(RUN, target);
    var content = copy(RUN, target);
    environment().open().target().commit(RUN, target);
    assertThat(environment().at(target)).isEqualTo(content);
  }

  @Test
  default void whatIsNeverWrittenIsZero() {
    TargetUnit target = target();
    byte[] expected = new byte[300_000];
    expected[100_000] = 7;
    try (UnitReader reader = reader(RUN, shard());
        UnitWriter writer = environment().open().target().begin(RUN, target)) {
      writer.end(list(reader).get(0).meta());
      FileMeta sparse = largest(reader).meta().withSize(300_000);
      writer.write(sparse.path(), 100_000, ByteBuffer.wrap(new byte[] {7}));
      writer.end(sparse);
      writer.sync();
    }
    environment().open().target().commit(RUN, target);
    assertThat(environment().at(target)).containsValue(sha256(expected));
  }

  @Test
  default void whatExistsIsNotReplacedUnlessTold() {
    TargetUnit target = target();
    var first = copy(RUN, target);
    environment().open().target().commit(RUN, target);
    environment().open().target().finish(RUN);
    refused(() -> environment().open().target().begin(OTHER, target));
    assertThat(environment().at(target)).isEqualTo(first);

    environment().open().source().releaseAll(RUN);
    environment().change();
    TargetUnit replacing = replacing(target);
    var second = copy(OTHER, replacing);
    assertThat(second).isNotEqualTo(first);
    assertThat(environment().at(target)).isEqualTo(first);
    environment().open().target().commit(OTHER, replacing);
    assertThat(environment().at(target)).isEqualTo(second);
    environment().open().target().finish(OTHER);
    assertThat(environment().at(target)).isEqualTo(second);
    environment().open().source().releaseAll(OTHER);
    assertThat(environment().open().catalog().leftovers(DEPLOYMENT)).isEmpty();
  }

  @Test
  default void someFilesNeverReplaceAWhole() {
    TargetUnit target = target();
    var content = copy(RUN, target);
    environment().open().target().commit(RUN, target);
    environment().open().target().finish(RUN);
    TargetUnit some =
        new TargetUnit(
            target.unit(), target.collection(), target.shard(), target.place(), false, true);
    refused(() -> environment().open().target().begin(OTHER, some));
    assertThat(environment().at(target)).isEqualTo(content);
  }

  @Test
  default void whatCameInTheMeantimeIsNotReplacedByACommit() {
    TargetUnit target = target();
    copy(RUN, target);
    var content = copy(OTHER, target);
    environment().open().target().commit(OTHER, target);
    environment().open().target().finish(OTHER);
    refused(() -> environment().open().target().commit(RUN, target));
    assertThat(environment().at(target)).isEqualTo(content);
    environment().open().target().abort(RUN, target);
    environment().open().source().releaseAll(RUN);
    environment().open().source().releaseAll(OTHER);
    assertThat(environment().open().catalog().leftovers(DEPLOYMENT)).isEmpty();
  }

  @Test
  default void anAbortLeavesNothingAndTouchesNothingElse() {
    Object before = environment().belongings();
    TargetUnit target = target();
    copy(RUN, target);
    for (int i = 0; i < 2; i++) {
      environment().open().target().abort(RUN, target);
      environment().open().target().finish(RUN);
    }
    environment().open().source().releaseAll(RUN);
    assertThat(environment().at(target)).isEmpty();
    assertThat(environment().open().catalog().leftovers(DEPLOYMENT)).isEmpty();
    assertThat(environment().belongings()).isEqualTo(before);
    copy(RUN, target);
    environment().open().target().commit(RUN, target);
    assertThat(environment().at(target)).isNotEmpty();
  }

  @Test
  default void anAbortDoesNotTakeBackWhatIsCommitted() {
    TargetUnit target = target();
    var content = copy(RUN, target);
    environment().open().target().commit(RUN, target);
    environment().open().target().abort(RUN, target);
    assertThat(environment().at(target)).isEqualTo(content);
  }

  @Test
  default void aUnitThatWasNeverBegunCannotBeCommitted() {
    assertThatExceptionOfType(PermanentFailure.class)
        .isThrownBy(() -> environment().open().target().commit(RUN, target()))
        .satisfies(failure -> assertThat(failure.kind()).isEqualTo(Kind.NOT_FOUND));
  }

  // Guard

  @Test
  default void aGuardEndsByItselfAndByBeingDropped() {
    Guard guard = environment().open().guard().orElse(null);
    if (guard == null) {
      return;
    }
    guard.take(RUN, Duration.ofMinutes(5));
    guard.take(RUN, Duration.ofMinutes(5));
    assertThat(environment().open().catalog().leftovers(DEPLOYMENT)).containsExactly(RUN.name());
    environment().open().guard().orElseThrow().drop(RUN);
    assertThat(environment().open().catalog().leftovers(DEPLOYMENT)).isEmpty();
    guard.drop(RUN);
    guard.take(RUN, Duration.ofMinutes(5));
    environment().pass(Duration.ofMinutes(4));
    guard.take(RUN, Duration.ofMinutes(5));
    environment().pass(Duration.ofMinutes(4));
    assertThat(environment().open().catalog().leftovers(DEPLOYMENT)).containsExactly(RUN.name());
    environment().pass(Duration.ofMinutes(2));
    assertThat(environment().open().catalog().leftovers(DEPLOYMENT)).isEmpty();
  }

  // What the tests above are made of

  private static void refused(ThrowingCallable call) {
    assertThatExceptionOfType(PermanentFailure.class)
        .isThrownBy(call)
        .satisfies(failure -> assertThat(failure.kind()).isEqualTo(Kind.CONFLICT))
        .satisfies(failure -> assertThat(failure.hint()).isNotEmpty());
  }

  private Shard shard() {
    return environment().open().catalog().shards(null, 1).get(0);
  }

  private static String unit(Shard shard) {
    return VaultKeys.unit(shard.canonicalName());
  }

  private TargetUnit target() {
    Shard shard = shard();
    return new TargetUnit(
        unit(shard), "restored", shard.shard(), environment().place(), true, false);
  }

  private static TargetUnit replacing(TargetUnit unit) {
    return new TargetUnit(unit.unit(), unit.collection(), unit.shard(), unit.place(), true, true);
  }

  private String snapshot(RunToken token, Shard shard) {
    ready(() -> environment().open().source().prepare(token, List.of(shard)));
    return ready(() -> environment().open().source().snapshot(token, unit(shard), List.of(shard)))
        .name();
  }

  private Progress ready(Supplier<Progress> asked) {
    for (int i = 0; i < PATIENCE; i++) {
      Progress progress = asked.get();
      if (progress.ready()) {
        return progress;
      }
      environment().pass(progress.delay());
    }
    throw new AssertionError("LATER " + PATIENCE + " times");
  }

  private UnitReader reader(RunToken token, Shard shard) {
    String name = snapshot(token, shard);
    Source source = environment().open().source();
    return source.open(token, unit(shard), List.of(shard), name);
  }

  private static List<SourceFile> list(UnitReader reader) {
    var files = new ArrayList<SourceFile>();
    try (var listing = reader.list((kind, path, detail) -> {})) {
      listing.forEachRemaining(files::add);
    }
    return files;
  }

  private static Map<EntryPath, String> identities(UnitReader reader) {
    var identities = new LinkedHashMap<EntryPath, String>();
    list(reader).forEach(f -> identities.put(f.meta().path(), f.identity()));
    return identities;
  }

  private static Map<FileMeta, String> contents(UnitReader reader) {
    var contents = new LinkedHashMap<FileMeta, String>();
    for (SourceFile file : list(reader)) {
      FileMeta meta = file.meta();
      boolean regular = meta.type() == FileType.FILE;
      contents.put(meta, regular ? sha256(bytes(reader, meta)) : "");
    }
    return contents;
  }

  private static SourceFile largest(UnitReader reader) {
    SourceFile largest = list(reader).get(0);
    for (SourceFile file : list(reader)) {
      largest = file.meta().size() > largest.meta().size() ? file : largest;
    }
    assertThat(largest.meta().size()).isGreaterThan(100_000);
    return largest;
  }

  private static byte[] bytes(UnitReader reader, FileMeta meta) {
    ByteBuffer bytes = ByteBuffer.allocate((int) meta.size());
    try (UnitReader.Content content = reader.open(meta.path())) {
      assertThat(content.read(0, bytes)).isEqualTo(bytes.capacity());
    }
    return bytes.array();
  }

  private static List<FileMeta> parents(UnitReader reader, EntryPath path) {
    return list(reader).stream()
        .map(SourceFile::meta)
        .filter(meta -> path.startsWith(meta.path()) && !path.equals(meta.path()))
        .toList();
  }

  /** Writes the first shard to the target, without commit; what was written. */
  private Map<FileMeta, String> copy(RunToken token, TargetUnit target) {
    Target to = environment().open().target();
    try (UnitReader reader = reader(token, shard());
        UnitWriter writer = to.begin(token, target)) {
      list(reader).forEach(file -> write(reader, file.meta(), writer));
      writer.sync();
      return contents(reader);
    }
  }

  private static void write(UnitReader reader, FileMeta meta, UnitWriter writer) {
    if (meta.type() == FileType.FILE) {
      byte[] bytes = bytes(reader, meta);
      for (int offset = 0; offset < bytes.length; offset += PIECE) {
        int length = Math.min(PIECE, bytes.length - offset);
        writer.write(meta.path(), offset, ByteBuffer.wrap(bytes, offset, length));
      }
    }
    writer.end(meta);
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }
}
