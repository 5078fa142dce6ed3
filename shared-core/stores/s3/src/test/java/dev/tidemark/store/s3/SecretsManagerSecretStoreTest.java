package dev.tidemark.store.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tidemark.contract.SecretStoreContract;
import dev.tidemark.contract.SecretStoreEnvironment;
import dev.tidemark.contract.cloud.MotoServer;
import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.failure.PermanentFailure.Kind;
import dev.tidemark.core.secret.SecretStore;
import java.net.URI;
import java.nio.file.Path;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;

@Tag("aws")
class SecretsManagerSecretStoreTest implements SecretStoreContract {
  private static @Nullable MotoServer server;

  private final AwsClients clients = Clients.with("id", "secret");
  private final URI endpoint = URI.create(Objects.requireNonNull(server).address());
  private final SecretsManagerClient operator =
      clients.configured(SecretsManagerClient.builder()).endpointOverride(endpoint).build();
  private final SecretStore secrets = new SecretsManagerSecretStore(clients, endpoint);

  @BeforeAll
  static void start(@TempDir Path folder) {
    server = MotoServer.start(folder);
  }

  @AfterAll
  static void stop() {
    if (server != null) {
      server.close();
    }
  }

  @Override
  public SecretStoreEnvironment environment() {
    return new SecretStoreEnvironment() {
      @Override
      public SecretStore open() {
        return new SecretsManagerSecretStore(clients, endpoint);
      }

      @Override
      public String keep(String value) {
        String name = "tests/" + UUID.randomUUID();
        operator.createSecret(create -> create.name(name).secretString(value));
        return "aws-sm:" + name;
      }

      @Override
      public String missing() {
        return "aws-sm:tests/none";
      }
    };
  }

  @Test
  void aSecretIsFoundByItsArnAndOneOfItsFieldsByName() {
    String arn =
        operator
            .createSecret(
                create -> create.name("pair").secretString("{\"id\": \"AKIA\", \"n\": 7}"))
            .arn();

    assertThat(secrets.resolve("aws-sm:pair#id")).isEqualTo("AKIA");
    assertThat(secrets.resolve("aws-sm:" + arn + "#n")).isEqualTo("7");
    assertThat(failure("aws-sm:pair#secret").kind()).isEqualTo(Kind.NOT_FOUND);
  }

  @Test
  void aNewVersionIsTheOneThatCounts() {
    operator.createSecret(create -> create.name("rotated").secretString("old"));
    operator.putSecretValue(put -> put.secretId("rotated").secretString("new"));

    assertThat(secrets.resolve("aws-sm:rotated")).isEqualTo("new");
  }

  @Test
  void aSecretThatIsNoObjectHasNoFieldsAndIsNotRepeated() {
    operator.createSecret(create -> create.name("plain").secretString("hunter2"));

    PermanentFailure failure = failure("aws-sm:plain#id");

    assertThat(failure.kind()).isEqualTo(Kind.INVALID);
    assertThat(failure).hasMessageContaining("aws-sm:plain#id").hasNoCause();
    assertThat(failure.getMessage()).doesNotContain("hunter2");
  }

  @Test
  void aSecretThatIsBeingDeletedIsNone() {
    operator.createSecret(create -> create.name("leaving").secretString("hunter2"));
    operator.deleteSecret(delete -> delete.secretId("leaving").recoveryWindowInDays(7L));

    assertThat(failure("aws-sm:leaving").kind()).isEqualTo(Kind.NOT_FOUND);
  }

  private PermanentFailure failure(String reference) {
    return catchThrowableOfType(PermanentFailure.class, () -> secrets.resolve(reference));
  }
}
