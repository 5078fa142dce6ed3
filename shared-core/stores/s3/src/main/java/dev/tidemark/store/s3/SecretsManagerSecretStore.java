package dev.tidemark.store.s3;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.failure.PermanentFailure.Kind;
import dev.tidemark.core.secret.SecretStore;
import dev.tidemark.store.s3.AwsFailures.Call;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClientBuilder;
import software.amazon.awssdk.services.secretsmanager.model.GetSecretValueResponse;

/**
 * Secrets in AWS Secrets Manager: {@code aws-sm:NAME} or {@code aws-sm:ARN}, and of a secret that
 * is a JSON object one text of it by {@code #FIELD} behind that. The present version is read; an
 * ARN is asked of its own region. An empty secret counts as none.
 */
public final class SecretsManagerSecretStore implements SecretStore {
  /** What its references begin with. */
  public static final String SCHEME = "aws-sm";

  private static final Pattern REFERENCE =
      Pattern.compile(SCHEME + ":(?<id>[A-Za-z0-9/_+=.@:-]{1,2048})(#(?<field>[^#]+))?");
  private static final Pattern ARN = Pattern.compile("arn:[a-z-]+:secretsmanager:([a-z0-9-]+):.*");

  /** Absent, or marked to be deleted. */
  private static final Set<String> ABSENT =
      Set.of("ResourceNotFoundException", "InvalidRequestException");

  private static final ObjectMapper JSON = new ObjectMapper();

  private final AwsClients clients;
  private final @Nullable URI endpoint;
  private final Map<String, SecretsManagerClient> byRegion = new ConcurrentHashMap<>();

  /** Secrets of the clients' account and region. */
  public SecretsManagerSecretStore(AwsClients clients) {
    this(clients, null);
  }

  SecretsManagerSecretStore(AwsClients clients, @Nullable URI endpoint) {
    this.clients = clients;
    this.endpoint = endpoint;
  }

  @Override
  public String resolve(String reference) {
    Matcher parts = REFERENCE.matcher(reference);
    if (!parts.matches()) {
      // Not repeated, because it may be the secret itself.
      throw PermanentFailure.of(Kind.INVALID, "secret reference")
          .expected("aws-sm:NAME or aws-sm:ARN, either with #FIELD behind it")
          .found("something else");
    }
    String value = value(reference, parts.group("id"));
    String field = parts.group("field");
    String chosen = field == null ? value : field(reference, value, field);
    if (chosen.isEmpty()) {
      throw failure(Kind.NOT_FOUND, reference).expected("a value").found("an empty one");
    }
    return chosen;
  }

  private String value(String reference, String id) {
    Matcher arn = ARN.matcher(id);
    String region = arn.matches() ? arn.group(1) : null;
    try {
      GetSecretValueResponse answer = client(region).getSecretValue(get -> get.secretId(id));
      return answer.secretString() != null
          ? answer.secretString()
          : text(reference, answer.secretBinary().asByteBuffer());
    } catch (SdkException e) {
      if (ABSENT.contains(AwsFailures.code(e))) {
        throw failure(Kind.NOT_FOUND, reference)
            .expected("a secret of Secrets Manager")
            .found("none of that name, or one that is being deleted")
            .hint("correct its name and its region")
            .cause(e);
      }
      String resource = arn.matches() ? id : "arn:aws:secretsmanager:*:*:secret:" + id + "-*";
      throw new AwsFailures("Secrets Manager")
          .of(
              new Call(
                  "read secret '" + reference + "'", "secretsmanager:GetSecretValue", resource),
              e);
    }
  }

  private SecretsManagerClient client(@Nullable String region) {
    return byRegion.computeIfAbsent(
        region == null ? "" : region,
        name -> {
          SecretsManagerClientBuilder builder =
              clients.in(region).configured(SecretsManagerClient.builder());
          if (endpoint != null) {
            builder.endpointOverride(endpoint);
          }
          return builder.build();
        });
  }

  /** Errors are told without their cause, which may repeat a part of the secret. */
  private static String field(String reference, String value, String field) {
    JsonNode object;
    try {
      object = JSON.readTree(value);
    } catch (JsonProcessingException e) {
      object = null;
    }
    if (object == null || !object.isObject()) {
      throw failure(Kind.INVALID, reference)
          .expected("a secret that is a JSON object")
          .found("another text")
          .hint("leave #" + field + " out");
    }
    JsonNode found = object.get(field);
    if (found == null || !found.isValueNode() || found.isNull()) {
      throw failure(Kind.NOT_FOUND, reference)
          .expected("a text in the secret's field " + field)
          .found(found == null ? "no such field" : "something else");
    }
    return found.asText();
  }

  private static String text(String reference, ByteBuffer bytes) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
    } catch (CharacterCodingException e) {
      throw failure(Kind.INVALID, reference).expected("text in UTF-8").found("other bytes");
    }
  }

  private static PermanentFailure failure(Kind kind, String reference) {
    return PermanentFailure.of(kind, "secret '" + reference + "'");
  }
}
