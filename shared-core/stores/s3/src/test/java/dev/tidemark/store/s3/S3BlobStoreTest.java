package dev.tidemark.store.s3;

import static dev.tidemark.contract.blob.OnAStore.content;
import static dev.tidemark.contract.blob.OnAStore.put;
import static dev.tidemark.contract.blob.OnAStore.read;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tidemark.contract.blob.BlobStoreContract;
import dev.tidemark.contract.blob.BlobStoreEnvironment;
import dev.tidemark.contract.blob.PassesTheStoreCheck.AnyIds;
import dev.tidemark.contract.fault.FaultProxy;
import dev.tidemark.contract.fault.NetworkFault;
import dev.tidemark.contract.fault.NetworkPlan;
import dev.tidemark.core.blob.BlobInfo;
import dev.tidemark.core.blob.BlobStore;
import dev.tidemark.core.blob.Creation;
import dev.tidemark.core.blob.StoreCheck;
import dev.tidemark.core.blob.StoreCheck.Finding;
import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.failure.PermanentFailure.Kind;
import dev.tidemark.core.failure.TransientFailure;
import dev.tidemark.store.s3.TinyS3.Reply;
import dev.tidemark.store.s3.TinyS3.When;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the store makes of answers that real servers give at bad times only. */
class S3BlobStoreTest implements BlobStoreContract {
  private static final Predicate<String> PUTS = Pattern.compile("PUT .*").asMatchPredicate();
  private static final Predicate<String> GETS = Pattern.compile("GET [^?]*").asMatchPredicate();

  private final TinyS3 server = new TinyS3();
  private final FaultProxy proxy = FaultProxy.before(server.port());

  @Override
  public BlobStoreEnvironment environment() {
    return new BlobStoreEnvironment() {
      @Override
      public BlobStore open() {
        return store(server.address(), TinyS3.BUCKET);
      }

      @Override
      public BlobStore missing() {
        return store(server.address(), "no-such-bucket");
      }
    };
  }

  private static S3BlobStore store(String address, String bucket) {
    return Clients.store(
        Clients.with("id", "secret"), Clients.config(address, bucket, "some/prefix", null));
  }

  @AfterEach
  void stop() {
    proxy.close();
    server.close();
  }

  @Test
  void anObjectTakesOneRequest() {
    put(open(), "a/key", content(1, 100_000));
    put(open(), "b/key", content(1, 5_000_000));

    assertThat(server.requests())
        .containsExactly("PUT /bucket/some/prefix/a/key", "PUT /bucket/some/prefix/b/key");
  }

  @Test
  void aRetryThatMeetsItsOwnBytesHasCreated() {
    server.fail(1, PUTS, When.AFTER, Reply.of(500, "InternalError"));

    Creation creation = put(open(), "key", content(1, 1_000));

    assertThat(creation.existed()).isFalse();
    assertThat(server.requests().stream().filter(PUTS)).hasSize(2);
  }

  @Test
  void whereEveryReplyIsLostTheObjectItselfTells() {
    server.fail(100, PUTS, When.AFTER, Reply.of(503, "SlowDown"));

    assertThat(put(open(), "key", content(1, 1_000)).existed()).isFalse();
    assertThat(put(open(), "key", content(2, 2_000)).existed()).isTrue();
    assertThat(put(open(), "key", content(2, 2_000)).size()).isEqualTo(1_000);
  }

  @Test
  void whereTheServerIsBusyTheTriesEndAndTheStepMayTryAgain() {
    server.fail(100, PUTS, When.INSTEAD, Reply.of(503, "SlowDown"));

    assertThatThrownBy(() -> put(open(), "key", content(1, 1_000)))
        .isInstanceOf(TransientFailure.class)
        .hasMessageContaining("store object key")
        .hasMessageContaining("SlowDown");
    assertThat(server.requests().stream().filter(PUTS)).hasSize(3);
    assertThat(open().head("key")).isEmpty();
  }

  @Test
  void aConflictWithAnotherRequestInProgressIsTriedAgain() {
    server.fail(1, PUTS, When.INSTEAD, Reply.of(409, "ConditionalRequestConflict"));
    assertThat(put(open(), "key", content(1, 1_000)).existed()).isFalse();

    server.fail(100, PUTS, When.INSTEAD, Reply.of(409, "ConditionalRequestConflict"));
    assertThatThrownBy(() -> put(open(), "other", content(1, 1_000)))
        .isInstanceOf(TransientFailure.class)
        .hasMessageContaining("in progress");
    assertThat(put(open(), "key", content(2, 2_000)).existed()).isTrue();
  }

  @Test
  void whereNoChecksumIsKeptBytesAreComparedByReadingThem() {
    server.keepNoChecksums();
    BlobStore store = open();
    put(store, "key", content(1, 1_000));

    assertThat(put(store, "key", content(1, 1_000)).existed()).isFalse();
    assertThat(put(store, "key", content(2, 1_000)).existed()).isTrue();
    assertThat(read(store, "key")).isEqualTo(content(1, 1_000));
  }

  @Test
  void bytesThatWereDamagedOnTheirWayAreSentAgain() {
    server.fail(1, PUTS, When.INSTEAD, Reply.of(400, "BadDigest"));

    assertThatThrownBy(() -> put(open(), "key", content(1, 1_000)))
        .isInstanceOf(TransientFailure.class)
        .hasMessageContaining("damaged on their way");
    assertThat(put(open(), "key", content(1, 1_000)).existed()).isFalse();
  }

  @Test
  void anAnswerThatIsCutShortIsReadAgainAndNeverTakenForTheWhole() {
    put(open(), "key", content(1, 100_000));
    server.fail(2, GETS, When.CUT, Reply.of(200, ""));

    assertThat(read(open(), "key")).isEqualTo(content(1, 100_000));

    server.fail(100, GETS, When.CUT, Reply.of(200, ""));
    assertThatThrownBy(() -> open().read("key", 10, 50_000))
        .isInstanceOf(TransientFailure.class)
        .hasMessageContaining("read object key")
        .hasMessageContaining("cut short");
  }

  @ParameterizedTest
  @ValueSource(strings = {"REFUSE", "LOSE_REPLY", "HALF_CLOSE"})
  void aConnectionThatBreaksAtAPutIsSettled(String kind) {
    NetworkFault fault =
        switch (kind) {
          case "REFUSE" -> NetworkFault.REFUSE;
          case "LOSE_REPLY" -> NetworkFault.LOSE_REPLY;
          default -> NetworkFault.HALF_CLOSE;
        };
    BlobStore store = store(proxy.address(), TinyS3.BUCKET);
    proxy.plan(NetworkPlan.first(1, PUTS, fault));
    assertThat(put(store, "once", content(1, 1_000)).existed()).isFalse();

    proxy.plan(NetworkPlan.first(100, PUTS, fault));
    if (fault == NetworkFault.REFUSE) {
      assertThatThrownBy(() -> put(store, "never", content(1, 1_000)))
          .isInstanceOf(TransientFailure.class)
          .hasMessageContaining(proxy.address());
      assertThat(open().head("never")).isEmpty();
    } else {
      assertThat(put(store, "always", content(1, 1_000)).existed()).isFalse();
      assertThat(put(store, "always", content(2, 1_000)).existed()).isTrue();
    }
  }

  @Test
  void aServerThatIsGoneIsNamedAndMayComeBack() {
    server.close();

    assertThatThrownBy(() -> put(open(), "key", content(1, 10)))
        .isInstanceOf(TransientFailure.class)
        .hasMessageContaining(server.address())
        .hasMessageContaining("Hint: check the endpoint");
  }

  @Test
  void aMissingPermissionIsNamedWithWhatThePolicyLacks() {
    Reply denied = Reply.of(403, "AccessDenied");
    server.fail(100, request -> true, When.INSTEAD, denied);
    BlobStore store = open();

    refused(
        Kind.FAILED,
        () -> put(store, "data/x", content(1, 10)),
        "store object data/x",
        "\"Action\": \"s3:PutObject\"",
        "arn:aws:s3:::bucket/some/prefix/*");
    refused(Kind.FAILED, () -> store.read("data/x", 0, 1), "s3:GetObject");
    refused(Kind.FAILED, () -> store.head("data/x"), "s3:GetObject", "403");
    refused(
        Kind.FAILED,
        () -> store.list("data/", null, 10),
        "s3:ListBucket",
        "\"Resource\": \"arn:aws:s3:::bucket\"");
    refused(Kind.FAILED, () -> store.delete(List.of("data/x")), "s3:GetBucketVersioning");
  }

  @Test
  void aRefusalWithoutABodyIsExplainedByARead() {
    server.fail(1, request -> request.startsWith("HEAD"), When.INSTEAD, Reply.of(403, "unheard"));
    server.fail(1, r -> r.contains("list-type"), When.INSTEAD, Reply.of(403, "InvalidAccessKeyId"));

    refused(Kind.INVALID, () -> open().head("key"), "InvalidAccessKeyId", "access key");
  }

  @Test
  void aBucketElsewhereIsToldWithItsRegion() {
    server.fail(
        100,
        request -> true,
        When.INSTEAD,
        new Reply(
            301, "PermanentRedirect", "elsewhere", Map.of("x-amz-bucket-region", "eu-west-3")));

    refused(Kind.INVALID, () -> open().read("key", 0, 1), "eu-west-3", "region");
    refused(Kind.INVALID, () -> open().head("key"), "eu-west-3");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SignatureDoesNotMatch=correct the access key",
        "InvalidAccessKeyId=correct the access key",
        "ExpiredToken=renew",
        "RequestTimeTooSkewed=set this host's clock",
        "KMS.DisabledException=kmsKey"
      })
  void whatIsWrongWithTheSettingsIsToldWithAHint(String codeAndHint) {
    String[] both = codeAndHint.split("=", 2);
    server.fail(100, PUTS, When.INSTEAD, Reply.of(403, both[0]));

    refused(Kind.INVALID, () -> put(open(), "key", content(1, 10)), both[0], both[1]);
  }

  @Test
  void aMissingBucketIsNotFound() {
    BlobStore missing = environment().missing();

    refused(Kind.NOT_FOUND, () -> put(missing, "key", content(1, 1)), "no-such-bucket", "Hint:");
    refused(Kind.NOT_FOUND, () -> missing.list("", null, 1), "no-such-bucket");
  }

  @Test
  void aStoreThatOverwritesIsFoundOut() {
    server.ignoreConditions();

    StoreCheck.Report report = new StoreCheck(open(), InstantSource.system(), new AnyIds()).run();

    assertThat(report.findings())
        .filteredOn(finding -> !finding.passed())
        .extracting(Finding::name)
        .contains("create-only", "racing-creators");
  }

  @Test
  void whatIsNoObjectOfAVaultIsNotListedAndEndsNoList() {
    for (String name : List.of("some/prefix/", "some/prefix/a/", "some/prefix/b c", "some/x")) {
      server.foreign(name);
    }
    put(open(), "z", content(1, 1));

    assertThat(open().list("", null, 1)).extracting(BlobInfo::key).containsExactly("z");
  }

  @Test
  void aLargeCopyIsMadeOfPartsAndGoesOnWhereItStopped() {
    BlobStore store =
        Clients.store(
            Clients.with("id", "secret"),
            Clients.config(server.address(), TinyS3.BUCKET, "", null),
            1_000);
    put(store, "from", content(1, 4_500));
    server.fail(100, r -> r.contains("partNumber=3"), When.INSTEAD, Reply.of(503, "SlowDown"));
    assertThatThrownBy(() -> store.copy("from", "to"))
        .isInstanceOf(TransientFailure.class)
        .hasMessageContaining("copy object from to to");
    int before = server.requests().size();
    server.heal();

    assertThat(store.copy("from", "to").existed()).isFalse();

    assertThat(read(store, "to")).isEqualTo(content(1, 4_500));
    assertThat(server.requests().subList(before, server.requests().size()))
        .filteredOn(request -> request.contains("partNumber"))
        .singleElement()
        .asString()
        .contains("partNumber=3");
    assertThat(server.uploadsInProgress()).isZero();
  }

  @ParameterizedTest
  @EnumSource(
      value = When.class,
      names = {"AFTER", "CUT"})
  void aCopyWhoseReplyIsLostIsKnownAgain(When when) {
    BlobStore store = open();
    put(store, "from", content(1, 4_500));
    server.fail(
        1,
        r -> r.startsWith("POST") && r.contains("uploadId"),
        when,
        Reply.of(500, "InternalError"));

    Creation copy = store.copy("from", "to");

    assertThat(copy.existed()).isFalse();
    assertThat(copy.size()).isEqualTo(4_500);
  }

  @Test
  void aCopyThatCannotBeMadeLeavesNoUpload() {
    BlobStore store = open();
    put(store, "from", content(1, 4_500));
    server.fail(1, r -> r.contains("partNumber"), When.INSTEAD, Reply.of(403, "AccessDenied"));

    refused(Kind.FAILED, () -> store.copy("from", "to"), "s3:PutObject");

    assertThat(server.uploadsInProgress()).isZero();
    assertThat(store.head("to")).isEmpty();
  }

  private static void refused(Kind kind, ThrowingCallable call, String... words) {
    PermanentFailure failure = catchThrowableOfType(PermanentFailure.class, call);
    assertThat(failure).isNotNull();
    assertThat(failure.kind()).isEqualTo(kind);
    assertThat(failure.getMessage()).contains(words).doesNotContain("\n");
  }
}
