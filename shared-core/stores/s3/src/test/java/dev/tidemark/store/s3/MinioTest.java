package dev.tidemark.store.s3;

import static dev.tidemark.contract.blob.OnAStore.content;
import static dev.tidemark.contract.blob.OnAStore.put;
import static dev.tidemark.contract.blob.OnAStore.read;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.contract.blob.PassesTheStoreCheck.AnyIds;
import dev.tidemark.contract.cloud.MinioServer;
import dev.tidemark.core.blob.BlobInfo;
import dev.tidemark.core.blob.BlobStore;
import dev.tidemark.core.blob.Deletion;
import dev.tidemark.core.blob.Deletion.Outcome;
import dev.tidemark.core.blob.StoreCheck;
import dev.tidemark.core.failure.PermanentFailure;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.BucketVersioningStatus;
import software.amazon.awssdk.services.s3.model.ObjectVersion;

/** On a server that checks signatures, checksums and locks. */
@Tag("aws")
class MinioTest extends OnRealServer {
  private static @Nullable MinioServer server;

  @BeforeAll
  static void start(@TempDir Path folder) {
    server = MinioServer.start(folder, BUCKET);
  }

  @AfterAll
  static void stop() {
    if (server != null) {
      server.close();
    }
  }

  MinioTest() {
    super(
        Objects.requireNonNull(server).port(),
        Clients.with(MinioServer.USER, MinioServer.PASSWORD));
  }

  @Test
  void aLockedObjectIsRetainedAndSaysUntilWhen() {
    operator().createBucket(create -> create.bucket("locked").objectLockEnabledForBucket(true));
    BlobStore store =
        Clients.store(
            clients, Clients.config(address, "locked", "v", new S3Config.Lock("COMPLIANCE", 2)));
    BlobStore unlocked = Clients.store(clients, Clients.config(address, "locked", "v", null));
    put(store, "locked", content(1, 100));
    put(unlocked, "free", content(1, 100));
    store.copy("locked", "copied");

    List<Deletion> deletions = store.delete(List.of("free", "locked", "copied", "none"));

    assertThat(deletions)
        .extracting(Deletion::outcome)
        .containsExactly(Outcome.DELETED, Outcome.RETAINED, Outcome.RETAINED, Outcome.ABSENT);
    Instant end = Instant.now().plus(Duration.ofDays(2));
    assertThat(deletions.get(1).retainedUntil())
        .isBetween(end.minusSeconds(300), end.plusSeconds(300));
    assertThat(read(store, "locked")).isEqualTo(content(1, 100));
    assertThat(store.list("", null, 10))
        .extracting(BlobInfo::key)
        .containsExactly("copied", "locked");
    StoreCheck.Report report = new StoreCheck(store, InstantSource.system(), new AnyIds()).run();
    assertThat(report.findings()).allMatch(StoreCheck.Finding::passed);
  }

  /** Not on Moto, whose list of versions leaves out the one that follows a marker. */
  @Test
  void inABucketWithVersionsADeletedObjectIsGoneWithAllItsVersions() {
    String bucket = "versions-" + UUID.randomUUID();
    S3Client operator = operator();
    operator.createBucket(create -> create.bucket(bucket));
    operator.putBucketVersioning(
        put ->
            put.bucket(bucket)
                .versioningConfiguration(v -> v.status(BucketVersioningStatus.ENABLED)));
    BlobStore store = store(address, bucket);
    List<String> wanted = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      put(store, "a/" + i, content(i, 10));
      put(store, "b/" + i, content(i, 10));
      if (i % 3 == 0) {
        wanted.add("a/" + i);
      }
    }
    // A person hid one, and a vault made it anew.
    operator.deleteObject(delete -> delete.bucket(bucket).key(prefix + "/b/7"));
    put(store, "b/7", content(8, 20));
    wanted.addAll(List.of("b/7", "b/none"));

    List<Deletion> deletions = store.delete(wanted);

    assertThat(deletions).extracting(Deletion::key).isEqualTo(wanted);
    assertThat(deletions.subList(0, wanted.size() - 1))
        .allMatch(deletion -> deletion.outcome() == Outcome.DELETED);
    assertThat(deletions.get(wanted.size() - 1).outcome()).isEqualTo(Outcome.ABSENT);
    List<String> left =
        operator.listObjectVersions(list -> list.bucket(bucket)).versions().stream()
            .map(ObjectVersion::key)
            .toList();
    assertThat(left).hasSize(60 - 11).doesNotContain(prefix + "/b/7", prefix + "/a/3");
  }

  @Test
  void keysThatTheServerDoesNotKnowAreRefusedForGood() {
    for (AwsClients wrong :
        List.of(
            Clients.with("nobody", "secret-of-nobody"),
            Clients.with(MinioServer.USER, "wrong-password"))) {
      BlobStore store = Clients.store(wrong, Clients.config(address, BUCKET, "v", null));
      for (Runnable call :
          List.<Runnable>of(
              () -> put(store, "key", content(1, 10)),
              () -> put(store, "key", content(1, 4 * MIB)),
              () -> store.head("key"),
              () -> store.read("key", 0, 10))) {
        assertThatThrownBy(call::run)
            .isInstanceOfSatisfying(
                PermanentFailure.class,
                failure -> {
                  assertThat(failure.kind()).isEqualTo(PermanentFailure.Kind.INVALID);
                  assertThat(failure).hasMessageContaining("correct the access key");
                });
      }
    }
  }
}
