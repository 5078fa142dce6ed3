package dev.tidemark.local;

import dev.tidemark.core.secret.SecretStore;
import dev.tidemark.core.staging.StagingArea;
import dev.tidemark.store.s3.AwsClients;
import dev.tidemark.store.s3.S3BlobStore;
import dev.tidemark.store.s3.S3Config;
import dev.tidemark.store.s3.S3StagingArea;
import dev.tidemark.store.s3.SecretsManagerSecretStore;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** What this process has of AWS, once something needs it: a command without it starts without. */
final class Aws {
  private final Map<String, String> environment;
  private final Map<S3Config, S3BlobStore> stores = new ConcurrentHashMap<>();
  private final Map<S3Config, S3StagingArea> areas = new ConcurrentHashMap<>();
  private @Nullable AwsClients clients;
  private @Nullable SecretStore secrets;

  Aws(Map<String, String> environment) {
    this.environment = environment;
  }

  /** The same store for the same place: its clients keep connections and credentials. */
  S3BlobStore store(S3Config config, SecretStore secrets, InstantSource clock) {
    return stores.computeIfAbsent(
        config, place -> S3BlobStore.open(place, clients(), secrets, clock));
  }

  /** Likewise of a staging area. */
  StagingArea stagingArea(S3Config config, SecretStore secrets, InstantSource clock) {
    return areas.computeIfAbsent(
        config, place -> S3StagingArea.open(place, clients(), secrets, clock));
  }

  /** A store of secrets that asks AWS where a reference says so, and else another one. */
  SecretStore secretsBeside(SecretStore other) {
    return reference ->
        reference.startsWith(SecretsManagerSecretStore.SCHEME + ":")
            ? secrets().resolve(reference)
            : other.resolve(reference);
  }

  private synchronized SecretStore secrets() {
    if (secrets == null) {
      secrets = new SecretsManagerSecretStore(clients());
    }
    return secrets;
  }

  private synchronized AwsClients clients() {
    if (clients == null) {
      clients = AwsClients.of(environment);
    }
    return clients;
  }
}
