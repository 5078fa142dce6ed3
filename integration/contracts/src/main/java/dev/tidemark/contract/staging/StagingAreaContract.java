package dev.tidemark.contract.staging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.contract.Race;
import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.failure.TransientFailure;
import dev.tidemark.core.staging.StagedObject;
import dev.tidemark.core.staging.StagedPart;
import dev.tidemark.core.staging.StagingArea;
import dev.tidemark.core.staging.StagingArea.UploadGone;
import dev.tidemark.core.staging.StagingSweep;
import dev.tidemark.core.staging.Upload;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** What every {@link StagingArea} does. */
public interface StagingAreaContract {
  int PART = (int) StagingArea.MIN_PART_BYTES;
  Instant EVER = Instant.parse("2999-01-01T00:00:00Z");

  /** The same environment throughout a test, a new one for the next. */
  StagingAreaEnvironment environment();

  private StagingArea open() {
    return environment().open();
  }

  private static byte[] content(long seed, int size) {
    var bytes = new byte[size];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  private static List<ByteBuffer> buffers(byte[] bytes) {
    int cut = bytes.length / 3;
    return List.of(
        ByteBuffer.wrap(bytes, 0, cut),
        ByteBuffer.allocate(0),
        ByteBuffer.wrap(bytes, cut, bytes.length - cut));
  }

  private static void put(StagingArea area, String key, byte[] bytes) {
    area.put(key, buffers(bytes));
  }

  private static byte[] read(StagingArea area, String key) {
    return bytes(area.read(key, 0, 64 << 20).orElseThrow());
  }

  private static byte[] bytes(ByteBuffer buffer) {
    var bytes = new byte[buffer.remaining()];
    buffer.get(bytes);
    return bytes;
  }

  private static List<String> keys(StagingArea area, String prefix, int limit) {
    List<String> keys = new ArrayList<>();
    for (var page = area.list(prefix, null, limit); !page.isEmpty(); ) {
      assertThat(page).hasSizeLessThanOrEqualTo(limit);
      page.forEach(each -> keys.add(each.key()));
      page = area.list(prefix, keys.get(keys.size() - 1), limit);
    }
    return keys;
  }

  @Test
  default void whatIsPutIsReadByEveryClientAndTheLastOneStays() {
    StagingArea area = open();
    put(area, "a/b", content(1, 5_000));
    assertThat(read(open(), "a/b")).isEqualTo(content(1, 5_000));
    put(open(), "a/b", content(2, 70));
    assertThat(read(area, "a/b")).isEqualTo(content(2, 70));
    put(area, "empty", new byte[0]);
    assertThat(read(open(), "empty")).isEmpty();
    assertThat(keys(open(), "", 10)).containsExactly("a/b", "empty");
  }

  @Test
  default void anObjectIsReadAtAnyOffset() {
    byte[] content = content(1, 100_000);
    put(open(), "k", content);
    StagingArea area = open();
    for (int offset : new int[] {0, 1, 77_777, 99_999}) {
      int length = Math.min(1_000, content.length - offset);
      assertThat(bytes(area.read("k", offset, 1_000).orElseThrow()))
          .isEqualTo(Arrays.copyOfRange(content, offset, offset + length));
    }
    assertThat(area.read("k", 100_000, 10).orElseThrow().remaining()).isZero();
    assertThat(area.read("k", 0, 0).orElseThrow().remaining()).isZero();
    assertThat(area.read("none", 0, 10)).isEmpty();
    assertThat(area.read("none", 0, 0)).isEmpty();
  }

  @Test
  default void anObjectsVersionChangesWhenItIsWrittenAnew() {
    StagingArea area = open();
    put(area, "k", content(1, 1_000));
    StagedObject first = area.head("k").orElseThrow();
    assertThat(first.size()).isEqualTo(1_000);
    assertThat(first.written()).isBetween(since(-600), since(600));
    assertThat(open().head("k")).contains(first);
    put(area, "k", content(2, 1_001));
    assertThat(open().head("k").orElseThrow().version()).isNotEqualTo(first.version());
    assertThat(area.head("none")).isEmpty();
  }

  private static Instant since(int seconds) {
    return Instant.now().plusSeconds(seconds);
  }

  @Test
  default void keysAreListedInByteOrderFromAnyPrefix() {
    StagingArea area = open();
    var keys =
        new TreeSet<>(List.of("a-b/c", "a.b", "a/b-c", "a/b/c", "a/b0", "aa", "b/a/a", "_x/y"));
    keys.forEach(key -> put(area, key, content(1, key.length())));
    for (int limit : new int[] {1, 3, 1_000}) {
      assertThat(keys(open(), "", limit)).isEqualTo(List.copyOf(keys));
      assertThat(keys(open(), "a", limit)).isEqualTo(List.copyOf(keys.subSet("a", "b")));
      assertThat(keys(open(), "a/b", limit)).isEqualTo(List.copyOf(keys.subSet("a/b", "a/c")));
      assertThat(keys(open(), "zz", limit)).isEmpty();
    }
  }

  @Test
  default void whatIsDeletedIsGoneAndDeletingItAgainDoesNoHarm() {
    StagingArea area = open();
    put(area, "a/b/c", content(1, 10));
    put(area, "a/d", content(1, 10));
    for (int i = 0; i < 2; i++) {
      area.delete(List.of("a/b/c", "none/at/all"));
      assertThat(keys(open(), "", 10)).containsExactly("a/d");
    }
    area.delete(List.of("a/d"));
    assertThat(keys(open(), "", 10)).isEmpty();
    put(open(), "a", content(1, 10));
    assertThat(read(open(), "a")).isEqualTo(content(1, 10));
  }

  @Test
  default void foldersThatComeAndGoDisturbNobody() throws Exception {
    List<Boolean> done =
        Race.of(
            4,
            n ->
                () -> {
                  StagingArea area = open();
                  for (int i = 0; i < 25; i++) {
                    String key = "busy/folder/" + n;
                    put(area, key, content(n, 100));
                    assertThat(read(area, key)).isEqualTo(content(n, 100));
                    area.delete(List.of(key));
                  }
                  return true;
                });
    assertThat(done).containsOnly(true);
    assertThat(keys(open(), "", 10)).isEmpty();
  }

  @Test
  default void anUploadGoesOnInAnotherProcessWhereTheFirstOneDied() {
    byte[] content = content(1, 2 * PART + 1_234);
    Upload begun = open().begin("large");
    StagedPart first = open().part(begun, 1, buffers(Arrays.copyOfRange(content, 0, PART)));
    assertThat(first.number()).isEqualTo(1);
    assertThat(first.size()).isEqualTo(PART);
    assertThat(open().head("large")).isEmpty();

    // What a later process has written down.
    var upload = new Upload("large", begun.id(), Instant.EPOCH);
    assertThat(open().parts(upload)).containsExactly(first);
    StagedPart third =
        open().part(upload, 3, buffers(Arrays.copyOfRange(content, 2 * PART, content.length)));
    StagedPart second =
        open().part(upload, 2, buffers(Arrays.copyOfRange(content, PART, 2 * PART)));
    List<StagedPart> parts = open().parts(upload);
    assertThat(parts).containsExactly(first, second, third);
    open().complete(upload, parts);

    assertThat(read(open(), "large")).isEqualTo(content);
    assertThat(open().head("large").orElseThrow().size()).isEqualTo(content.length);
    assertThat(open().uploads("large", EVER)).isEmpty();
  }

  @Test
  default void aPartThatIsStoredAgainTakesThePlaceOfTheFirst() {
    StagingArea area = open();
    Upload upload = area.begin("k");
    StagedPart wrong = area.part(upload, 1, buffers(content(1, 100)));
    StagedPart right = area.part(upload, 1, buffers(content(2, 200)));
    assertThat(area.parts(upload)).containsExactly(right);
    assertThatExceptionOfType(PermanentFailure.class)
        .isThrownBy(() -> area.complete(upload, List.of(wrong)));
    area.complete(upload, List.of(right));
    assertThat(read(open(), "k")).isEqualTo(content(2, 200));
  }

  @Test
  default void anUploadReplacesWhatIsThereWhenItIsCompletedAndNotBefore() {
    StagingArea area = open();
    put(area, "k", content(1, 100));
    Upload upload = area.begin("k");
    StagedPart part = area.part(upload, 1, buffers(content(2, 300)));
    assertThat(read(open(), "k")).isEqualTo(content(1, 100));
    area.complete(upload, List.of(part));
    assertThat(read(open(), "k")).isEqualTo(content(2, 300));
  }

  @Test
  default void anUploadThatIsGivenUpLeavesNothing() {
    StagingArea area = open();
    Upload upload = area.begin("k");
    StagedPart part = area.part(upload, 1, buffers(content(2, 300)));
    for (int i = 0; i < 2; i++) {
      open().abort(upload);
    }
    assertThatExceptionOfType(UploadGone.class).isThrownBy(() -> area.parts(upload));
    assertThatExceptionOfType(UploadGone.class)
        .isThrownBy(() -> area.part(upload, 2, buffers(content(1, 10))));
    assertThatExceptionOfType(UploadGone.class)
        .isThrownBy(() -> area.complete(upload, List.of(part)));
    assertThat(area.head("k")).isEmpty();
    assertThat(area.uploads("k", EVER)).isEmpty();
    assertThatExceptionOfType(UploadGone.class)
        .isThrownBy(() -> area.parts(new Upload("k", "no-such-upload", Instant.EPOCH)));
  }

  @Test
  default void uploadsThatNobodyCompletedAreFoundByTheirAge() {
    StagingArea area = open();
    Upload mine = area.begin("run/a");
    Upload again = area.begin("run/a");
    Upload other = area.begin("other/b");
    assertThat(ids(open().uploads("run/a", EVER))).containsExactlyInAnyOrder(mine.id(), again.id());
    assertThat(open().uploads("run/a", since(-600))).isEmpty();
    assertThat(open().uploads("run/a", EVER))
        .allMatch(each -> each.key().equals("run/a") && each.begun().isAfter(since(-600)));
    if (environment().listsUploadsByFolder()) {
      assertThat(ids(open().uploads("run/", EVER)))
          .containsExactlyInAnyOrder(mine.id(), again.id());
      assertThat(ids(open().uploads("", EVER)))
          .containsExactlyInAnyOrder(mine.id(), again.id(), other.id());
    }
  }

  private static List<String> ids(List<Upload> uploads) {
    return uploads.stream().map(Upload::id).toList();
  }

  @Test
  default void aSweepRemovesWhatIsOldUnderItsPrefixAndNothingElse() {
    StagingArea area = open();
    put(area, "run-1/a", content(1, 10));
    put(area, "run-1/b/c", content(1, 10));
    put(area, "run-2/a", content(1, 10));
    Upload upload = area.begin("run-1/d");
    var sweep = new StagingSweep(open());
    assertThat(sweep.remove("run-1/", since(-600))).isZero();
    assertThat(keys(open(), "", 10)).hasSize(3);

    sweep.remove("run-1/", EVER);

    assertThat(keys(open(), "", 10)).containsExactly("run-2/a");
    if (environment().listsUploadsByFolder()) {
      assertThatExceptionOfType(UploadGone.class).isThrownBy(() -> open().parts(upload));
    }
    assertThatThrownBy(() -> sweep.remove("", EVER)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  default void anAddressIsReadByWhoeverHasItWhereThereAreAddresses()
      throws IOException, InterruptedException {
    StagingArea area = open();
    put(area, "k", content(1, 10_000));
    Optional<URI> address = area.readUrl("k", Duration.ofMinutes(5));
    assertThat(area.readUrl("k", Duration.ofMinutes(5)).isPresent()).isEqualTo(address.isPresent());
    if (address.isPresent()) {
      HttpResponse<byte[]> answer =
          HttpClient.newHttpClient()
              .send(HttpRequest.newBuilder(address.get()).build(), BodyHandlers.ofByteArray());
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.body()).isEqualTo(content(1, 10_000));
    }
  }

  @Test
  default void whatIsWrongIsRefused() {
    StagingArea area = open();
    Upload upload = area.begin("k");
    StagedPart small = area.part(upload, 1, buffers(content(1, 10)));
    StagedPart last = area.part(upload, 2, buffers(content(1, 10)));
    List<Runnable> wrong =
        List.of(
            () -> put(area, "../x", content(1, 1)),
            () -> put(area, "", content(1, 1)),
            () -> area.begin("a//b"),
            () -> area.read("k", -1, 10),
            () -> area.list("", null, 0),
            () -> area.part(upload, 0, buffers(content(1, 10))),
            () -> area.part(upload, StagingArea.MAX_PARTS + 1, buffers(content(1, 10))),
            () -> area.complete(upload, List.of()),
            () -> area.complete(upload, List.of(last)),
            () -> area.complete(upload, List.of(small, last)),
            () -> area.readUrl("k", Duration.ofDays(8)));
    for (Runnable each : wrong) {
      assertThatExceptionOfType(PermanentFailure.class)
          .isThrownBy(each::run)
          .satisfies(
              failure -> assertThat(failure.kind()).isEqualTo(PermanentFailure.Kind.INVALID));
    }
  }

  @Test
  default void aPlaceThatIsGoneDoesNotLookEmpty() {
    StagingArea gone = environment().missing();
    var upload = new Upload("k", "id", Instant.EPOCH);
    List<Runnable> calls =
        List.of(
            () -> put(gone, "k", content(1, 1)),
            () -> gone.read("k", 0, 1),
            () -> gone.head("k"),
            () -> gone.list("", null, 10),
            () -> gone.delete(List.of("k")),
            () -> gone.begin("k"),
            () -> gone.part(upload, 1, buffers(content(1, 10))),
            () -> gone.parts(upload),
            () -> gone.abort(upload),
            () -> gone.uploads("k", EVER),
            () -> gone.expiry(""));
    for (Runnable call : calls) {
      assertThatThrownBy(call::run).isInstanceOfAny(TransientFailure.class, PermanentFailure.class);
    }
    assertThat(gone.description()).isNotEmpty();
  }
}
