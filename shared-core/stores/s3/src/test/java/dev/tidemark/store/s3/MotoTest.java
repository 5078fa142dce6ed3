package dev.tidemark.store.s3;

import static dev.tidemark.contract.blob.OnAStore.content;
import static dev.tidemark.contract.blob.OnAStore.put;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.contract.cloud.MotoServer;
import dev.tidemark.core.blob.BlobStore;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;

/**
 * On a third server, of yet other people. It looks whether an object is there and then stores it,
 * so that of racing creators two may win: they come one at a time here, and prove nothing of races.
 */
@Tag("aws")
class MotoTest extends OnRealServer {
  private static @Nullable MotoServer server;

  @BeforeAll
  static void start(@TempDir Path folder) {
    MotoServer started = MotoServer.start(folder);
    server = started;
    Clients.operator(Clients.with("id", "secret"), started.address())
        .createBucket(create -> create.bucket(BUCKET));
  }

  @AfterAll
  static void stop() {
    if (server != null) {
      server.close();
    }
  }

  MotoTest() {
    super(Objects.requireNonNull(server).port(), inTurn(Clients.with("id", "secret")));
  }

  private static AwsClients inTurn(AwsClients clients) {
    return new AwsClients(
        clients.region(), clients.credentials(), new OneAtATime(clients.http()), clients.timing());
  }

  @Test
  void aRoleIsTakenOnBeforeTheBucketIsAsked() {
    CredentialsConfig.AssumedRole role =
        new CredentialsConfig.AssumedRole(
            "arn:aws:iam::123456789012:role/vault",
            "external",
            "tidemark",
            Duration.ofHours(1),
            URI.create(address));
    AwsClients assumed =
        clients.as(
            new CredentialsConfig(
                new CredentialsConfig.Source.Keys("env:ID", "env:KEY", null), role),
            reference -> reference.substring("env:".length()));

    AwsSessionCredentials keys = (AwsSessionCredentials) assumed.credentials().resolveCredentials();

    assertThat(keys.accessKeyId()).startsWith("ASIA");
    assertThat(keys.sessionToken()).isNotEmpty();
    BlobStore store = Clients.store(assumed, Clients.config(address, BUCKET, prefix, null));
    assertThat(put(store, "key", content(1, 100)).existed()).isFalse();
  }
}
