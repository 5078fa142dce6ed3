package dev.tidemark.aws;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.contract.SecretStoreContract;
import dev.tidemark.contract.SecretStoreEnvironment;
import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.secret.SecretStore;
import dev.tidemark.store.s3.AwsClients;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Secrets in the environment; those in Secrets Manager are proven where their store is. */
class LambdaSecretStoreTest implements SecretStoreContract, SecretStoreEnvironment {
  private static final AwsClients CLIENTS =
      AwsClients.of(
          Map.of(
              "AWS_REGION", "eu-central-1",
              "AWS_ACCESS_KEY_ID", "tests",
              "AWS_SECRET_ACCESS_KEY", "tests"));

  private final Map<String, String> variables = new HashMap<>();

  @Override
  public SecretStoreEnvironment environment() {
    return this;
  }

  @Override
  public SecretStore open() {
    return new LambdaSecretStore(variables, CLIENTS);
  }

  @Override
  public String keep(String value) {
    String name = "SECRET_" + variables.size();
    variables.put(name, value);
    return "env:" + name;
  }

  @Override
  public String missing() {
    return "env:NOT_THERE";
  }

  @Test
  void anEmptyVariableIsNoSecret() {
    String reference = keep("");
    assertThatThrownBy(() -> open().resolve(reference))
        .isInstanceOf(PermanentFailure.class)
        .hasMessageContaining(reference);
  }
}
