package dev.tidemark.store.s3;

import dev.tidemark.core.secret.SecretStore;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.S3Client;

/** Clients of servers on this machine. */
final class Clients {
  static final SecretStore NO_SECRETS =
      reference -> {
        throw new AssertionError("nobody refers to a secret, but " + reference);
      };

  /** Of tests that wait for a server to say nothing. */
  static final AwsClients.Timing IMPATIENT =
      new AwsClients.Timing(
          Duration.ofSeconds(2), Duration.ofSeconds(10), Duration.ofSeconds(20), 3);

  private Clients() {}

  static AwsClients with(String id, String secret) {
    return AwsClients.of(
        Map.of("AWS_REGION", "us-east-1", "AWS_ACCESS_KEY_ID", id, "AWS_SECRET_ACCESS_KEY", secret),
        IMPATIENT);
  }

  static S3Config config(
      String address, String bucket, String prefix, S3Config.@Nullable Lock lock) {
    return new S3Config(
        bucket,
        prefix,
        null,
        URI.create(address),
        true,
        new CredentialsConfig(new CredentialsConfig.Source.Chain(), null),
        null,
        null,
        lock);
  }

  static S3BlobStore store(AwsClients clients, S3Config config) {
    return store(clients, config, S3BlobStore.COPY_PART_BYTES);
  }

  static S3BlobStore store(AwsClients clients, S3Config config, long copyPartBytes) {
    return S3BlobStore.open(config, clients, NO_SECRETS, InstantSource.system(), copyPartBytes);
  }

  /** For what a vault never does, like making a bucket. */
  static S3Client operator(AwsClients clients, String address) {
    return clients
        .configured(S3Client.builder())
        .endpointOverride(URI.create(address))
        .forcePathStyle(true)
        .build();
  }
}
