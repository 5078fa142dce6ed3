package dev.tidemark.aws;

import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.failure.PermanentFailure.Kind;
import dev.tidemark.core.secret.SecretStore;
import dev.tidemark.store.s3.AwsClients;
import dev.tidemark.store.s3.SecretsManagerSecretStore;
import java.util.Map;

/**
 * Secrets in AWS Secrets Manager ({@code aws-sm:NAME}) and in the function's environment ({@code
 * env:NAME}), where everybody sees them who may read its settings. An empty secret counts as none.
 */
final class LambdaSecretStore implements SecretStore {
  private static final String ENVIRONMENT = "env:";

  private final Map<String, String> variables;
  private final SecretStore manager;

  LambdaSecretStore(Map<String, String> variables, AwsClients clients) {
    this.variables = variables;
    this.manager = new SecretsManagerSecretStore(clients);
  }

  @Override
  public String resolve(String reference) {
    if (reference.startsWith(SecretsManagerSecretStore.SCHEME + ":")) {
      return manager.resolve(reference);
    }
    if (!reference.startsWith(ENVIRONMENT)) {
      throw PermanentFailure.of(Kind.INVALID, "secret reference")
          .expected("aws-sm:NAME or env:NAME")
          .found("neither")
          .hint("where the secret itself was written, put it into Secrets Manager");
    }
    String value = variables.getOrDefault(reference.substring(ENVIRONMENT.length()), "");
    if (value.isEmpty()) {
      throw PermanentFailure.of(Kind.NOT_FOUND, "secret '" + reference + "'")
          .expected("a value")
          .found("none, or an empty one");
    }
    return value;
  }
}
