package dev.tidemark.store.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tidemark.contract.cloud.MinioServer;
import dev.tidemark.contract.fault.FaultProxy;
import dev.tidemark.contract.fault.NetworkFault;
import dev.tidemark.contract.fault.NetworkPlan;
import dev.tidemark.contract.staging.StagingAreaContract;
import dev.tidemark.contract.staging.StagingAreaEnvironment;
import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.staging.Expiry;
import dev.tidemark.core.staging.StagingArea;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
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
import software.amazon.awssdk.services.s3.model.ExpirationStatus;
import software.amazon.awssdk.services.s3.model.LifecycleRule;

/** On a server that checks signatures and checksums. */
@Tag("aws")
class S3StagingAreaTest implements StagingAreaContract {
  private static final String BUCKET = "scratch";
  private static @Nullable MinioServer server;

  private final String prefix = "test/" + UUID.randomUUID();
  private final AwsClients clients = Clients.with(MinioServer.USER, MinioServer.PASSWORD);

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

  private static MinioServer server() {
    return Objects.requireNonNull(server);
  }

  @Override
  public StagingAreaEnvironment environment() {
    return new StagingAreaEnvironment() {
      @Override
      public StagingArea open() {
        return area(server().address(), BUCKET);
      }

      @Override
      public StagingArea missing() {
        return area(server().address(), "no-such-bucket");
      }

      @Override
      public boolean listsUploadsByFolder() {
        return false;
      }
    };
  }

  private StagingArea area(String address, String bucket) {
    return S3StagingArea.open(
        Clients.config(address, bucket, prefix, null),
        clients,
        Clients.NO_SECRETS,
        InstantSource.system());
  }

  @Test
  void theRulesOfTheBucketTellWhatExpires() {
    String bucket = "ruled-" + UUID.randomUUID();
    S3Client operator = Clients.operator(clients, server().address());
    operator.createBucket(create -> create.bucket(bucket));
    StagingArea area = area(server().address(), bucket);
    assertThat(area.expiry("tidemark-")).isEqualTo(Expiry.NEVER);

    LifecycleRule rule =
        LifecycleRule.builder()
            .id("scratch")
            .status(ExpirationStatus.ENABLED)
            .filter(filter -> filter.prefix(prefix + "/tidemark-"))
            .expiration(after -> after.days(2))
            .build();
    operator.putBucketLifecycleConfiguration(
        put -> put.bucket(bucket).lifecycleConfiguration(all -> all.rules(rule)));

    assertThat(area.expiry("tidemark-a").objects()).isEqualTo(Duration.ofDays(2));
    assertThat(area.expiry("other").objects()).isNull();
  }

  @Test
  void lostRepliesAndCutBodiesAreRiddenOut() {
    try (FaultProxy proxy = FaultProxy.before(server().port())) {
      StagingArea area = area(proxy.address(), BUCKET);
      proxy.plan(NetworkPlan.first(1, line -> line.startsWith("PUT "), NetworkFault.LOSE_REPLY));
      area.put("k", List.of(ByteBuffer.wrap(new byte[5_000])));
      proxy.plan(NetworkPlan.first(2, line -> line.startsWith("GET"), NetworkFault.CUT));
      assertThat(area.read("k", 0, 10_000).orElseThrow().remaining()).isEqualTo(5_000);
    }
  }

  @Test
  void aPlaceWhoseObjectsAreLockedIsRefused() {
    S3Config locking =
        Clients.config(server().address(), BUCKET, prefix, new S3Config.Lock("GOVERNANCE", 2));
    assertThatExceptionOfType(PermanentFailure.class)
        .isThrownBy(
            () -> S3StagingArea.open(locking, clients, Clients.NO_SECRETS, InstantSource.system()))
        .withMessageContaining("objectLock");
  }
}
