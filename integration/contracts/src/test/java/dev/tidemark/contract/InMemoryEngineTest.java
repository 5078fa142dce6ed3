package dev.tidemark.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tidemark.core.engine.RunToken;
import dev.tidemark.core.engine.Shard;
import dev.tidemark.core.engine.SnapshotGone;
import dev.tidemark.core.engine.Source.Progress;
import dev.tidemark.core.engine.StorageEngine;
import dev.tidemark.core.engine.Target.TargetUnit;
import dev.tidemark.core.engine.Target.UnitWriter;
import dev.tidemark.core.engine.UnitReader;
import dev.tidemark.core.failure.TransientFailure;
import dev.tidemark.core.memory.InMemoryCluster;
import dev.tidemark.core.memory.InMemoryCluster.Mood;
import dev.tidemark.core.memory.InMemoryCluster.StoredFile;
import dev.tidemark.core.memory.InMemoryEngine;
import dev.tidemark.core.tree.EntryPath;
import dev.tidemark.core.tree.FileMeta;
import dev.tidemark.core.tree.FileType;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class InMemoryEngineTest {

  @Nested
  class Kind implements FileEngineContract {
    private final Place place = new Place(Mood.KIND);

    @Override
    public StorageEngineEnvironment environment() {
      return place;
    }
  }

  @Nested
  class Slow implements FileEngineContract {
    private final Mood mood =
        new Mood(ThreadLocalRandom.current().nextLong(), 3, 0, Duration.ofSeconds(2), false);
    private final Place place = new Place(mood);

    Slow() {
      System.out.println(mood);
    }

    @Override
    public StorageEngineEnvironment environment() {
      return place;
    }
  }

  @Nested
  class Live implements FileEngineContract {
    private final Place place = new Place(new Mood(0, 0, 0, Duration.ofSeconds(2), true));

    @Override
    public StorageEngineEnvironment environment() {
      return place;
    }
  }

  private static final RunToken RUN = new RunToken("d", "aaaaaaaaaaaa");
  private static final Shard SHARD = new Shard("books", "s1", "n1", 0);

  @Test
  void anExpiredSnapshotIsGoneForItsReadersAndBegunAnewUnderAnotherName() {
    var place = new Place(new Mood(1, 0, 100, Duration.ZERO, false));
    var source = place.open().source();
    String first = source.snapshot(RUN, "u", List.of(SHARD)).name();
    try (var reader = source.open(RUN, "u", List.of(SHARD), first);
        var content = reader.open(EntryPath.parse("dir/large"))) {
      assertThat(content.read(0, ByteBuffer.allocate(10))).isEqualTo(10);
      assertThatExceptionOfType(SnapshotGone.class)
          .isThrownBy(() -> content.read(10, ByteBuffer.allocate(10)));
    }
    String second = source.snapshot(RUN, "u", List.of(SHARD)).name();
    assertThat(second).isNotEqualTo(first);
    try (var reader = source.open(RUN, "u", List.of(SHARD), second);
        var content = reader.open(EntryPath.parse("dir/large"))) {
      assertThat(content.read(0, ByteBuffer.allocate(10))).isEqualTo(10);
      assertThat(content.read(10, ByteBuffer.allocate(10))).isEqualTo(10);
    }
  }

  @Test
  void aMeanClusterAnswersLaterTheSameWayForTheSameSeed() {
    List<Boolean> answers = answers(3);
    assertThat(answers(3)).isEqualTo(answers).contains(true, false);
    assertThat(answers(4)).isNotEqualTo(answers);
  }

  private static List<Boolean> answers(long seed) {
    var source = new Place(Mood.mean(seed)).open().source();
    var answers = new ArrayList<Boolean>();
    for (int unit = 0; unit < 50; unit++) {
      Progress progress = source.snapshot(RUN, "u" + unit, List.of(SHARD));
      answers.add(progress.ready());
    }
    return answers;
  }

  @Test
  void whatAWriterHasNotSyncedIsLostWithIt() {
    var place = new Place(Mood.KIND);
    var unit = new TargetUnit("u", SHARD, "new", "", "", true, false);
    EntryPath path = EntryPath.parse("f");
    place.open().target().prepare(RUN, "books", List.of(unit));
    try (UnitWriter writer = place.open().target().begin(RUN, unit)) {
      writer.write(path, 0, ByteBuffer.wrap(new byte[10]));
      writer.sync();
      writer.write(path, 10, ByteBuffer.wrap(new byte[10]));
    }
    try (UnitWriter writer = place.open().target().begin(RUN, unit)) {
      assertThat(writer.written(path)).isEqualTo(10);
    }
  }

  @Test
  void anAuditorSeesWhatIsHeldUntilItIsGivenBack() {
    var place = new Place(Mood.KIND);
    StorageEngine engine = place.open();
    var unit = new TargetUnit("u", SHARD, "books", "", "", true, true);
    engine.source().prepare(RUN, List.of("books"));
    engine.source().snapshot(RUN, "u", List.of(SHARD));
    engine.guard().orElseThrow().take(RUN, Duration.ofMinutes(1));
    engine.target().prepare(RUN, "books", List.of(unit));
    String begun;
    try (UnitWriter writer = engine.target().begin(RUN, unit)) {
      begun = writer.place();
    }
    var held = place.cluster.holdings();
    assertThat(held.snapshots()).hasSize(1);
    assertThat(held.prepared()).containsExactly(RUN.name());
    assertThat(held.guards()).containsExactly(RUN.name());
    assertThat(held.begun()).containsExactly(RUN.name() + " books/s1");
    engine.target().commit(RUN, unit, begun);
    assertThat(place.cluster.holdings().replaced()).containsExactly(RUN.name() + " books/s1");
    engine.source().releaseAll(RUN);
    engine.guard().orElseThrow().drop(RUN);
    assertThat(engine.target().finish(RUN).ready()).isTrue();
    assertThat(place.cluster.holdings().nothing()).isTrue();
    assertThat(place.cluster.userSnapshots()).hasSize(2);
  }

  @Test
  void aFullClusterSaysSo() {
    var place = new Place(Mood.KIND);
    place.cluster.capacity(200_000);
    var unit = new TargetUnit("u", SHARD, "new", "", "", true, false);
    assertThat(place.open().target().rooms(List.of(unit)).get(0).freeBytes().orElseThrow())
        .isLessThan(100_000);
    place.open().target().prepare(RUN, "books", List.of(unit));
    try (UnitWriter writer = place.open().target().begin(RUN, unit)) {
      assertThatExceptionOfType(TransientFailure.class)
          .isThrownBy(
              () -> writer.write(EntryPath.parse("f"), 0, ByteBuffer.wrap(new byte[100_000])));
    }
  }

  private static final class Place implements StorageEngineEnvironment {
    private final ManualClock clock = new ManualClock();
    private final InMemoryCluster cluster;

    Place(Mood mood) {
      cluster = new InMemoryCluster("memory", clock, mood);
      fill();
      cluster.userSnapshot("mine", "books", "s1");
      cluster.userSnapshot("tidemark-contract-manual", "books", "s2");
    }

    private void fill() {
      byte[] large = new byte[123_457];
      new SplittableRandom(1).nextBytes(large);
      cluster.shard("books", "s1", "n1");
      cluster.write("books", "s1", "dir/large", large);
      cluster.write("books", "s1", "dir/empty", new byte[0]);
      cluster.write("books", "s1", "dir-b", "hello".getBytes(StandardCharsets.UTF_8));
      cluster.put(
          "books",
          "s1",
          new FileMeta(EntryPath.parse("link"), FileType.SYMLINK, 0, 0777, 1, 2, -3, 4, "no/where"),
          new byte[0]);
      cluster.shard("books", "s2", "n2");
      cluster.shard("books", "s3", "n1");
      cluster.write("books", "s3", "dir-b", new byte[3]);
      cluster.shard("films", "", "n2");
      cluster.write("films", "", "one", new byte[1]);
    }

    @Override
    public StorageEngine open() {
      return new InMemoryEngine(cluster);
    }

    @Override
    public StorageEngine openBriefly() {
      cluster.timeToLive(Duration.ofSeconds(3));
      return open();
    }

    @Override
    public void change() {
      cluster.write("books", "s1", "dir/large", new byte[123_457]);
      cluster.write("books", "s1", "new/file", new byte[3]);
    }

    @Override
    public void recreate() {
      cluster.recreate();
      fill();
    }

    @Override
    public Object belongings() {
      return List.of(cluster.userSnapshots(), cluster.shardNames(), contents("books", "s1"));
    }

    @Override
    public String place() {
      return "";
    }

    @Override
    public Map<?, String> content(Shard shard, UnitReader snapshot) {
      return FileEngineContract.entries(snapshot);
    }

    @Override
    public Map<FileMeta, String> at(TargetUnit target) {
      return contents(target.collection(), target.shard());
    }

    private Map<FileMeta, String> contents(String collection, String shard) {
      var contents = new LinkedHashMap<FileMeta, String>();
      for (StoredFile file : cluster.files(collection, shard).values()) {
        boolean regular = file.meta().type() == FileType.FILE;
        contents.put(file.meta(), regular ? sha256(file.content()) : "");
      }
      return contents;
    }

    private static String sha256(byte[] bytes) {
      try {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
      } catch (NoSuchAlgorithmException e) {
        throw new AssertionError(e);
      }
    }

    @Override
    public void loseBegun() {
      cluster.loseBegun();
    }

    @Override
    public void pass(Duration time) {
      clock.pass(time);
    }
  }
}
