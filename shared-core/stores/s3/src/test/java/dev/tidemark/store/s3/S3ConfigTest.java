package dev.tidemark.store.s3;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.core.config.ConfigurationReader;
import dev.tidemark.core.config.Problem;
import dev.tidemark.core.config.Reading;
import dev.tidemark.store.s3.CredentialsConfig.Source;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;

class S3ConfigTest {

  private static Reading read(String vault) {
    return new ConfigurationReader(
            Map.of(), Map.of("s3", S3Config.SCHEMA), Set.of("env", "file", "aws-sm"))
        .read("t.yaml", "vaults: { main: { store: s3, " + vault + " } }", Path.of("/etc"));
  }

  private static S3Config config(String vault) {
    return S3Config.of(read(vault).orThrow().vault("main").options());
  }

  @Test
  void aBucketIsEnough() {
    S3Config config = config("bucket: acme-backups");

    assertThat(config.description()).isEqualTo("s3://acme-backups");
    assertThat(config.pathStyle()).isFalse();
    assertThat(config.region()).isNull();
    assertThat(config.credentials().source()).isEqualTo(new Source.Chain());
    assertThat(config.lock()).isNull();
  }

  @Test
  void everythingCanBeSaid() {
    S3Config config =
        config(
            """
            bucket: b.1-x, prefix: /prod/eu/, region: eu-central-1, pathStyle: true,
            encryption: SSE-KMS, kmsKey: alias/vault, storageClass: STANDARD_IA,
            objectLock: { mode: COMPLIANCE, days: 30 }
            """);

    assertThat(config.prefix()).isEqualTo("prod/eu");
    assertThat(config.region()).isEqualTo("eu-central-1");
    assertThat(config.pathStyle()).isTrue();
    assertThat(config.encryption()).isEqualTo(new S3Config.Encryption(true, "alias/vault"));
    assertThat(config.storageClass()).isEqualTo("STANDARD_IA");
    assertThat(config.lock()).isEqualTo(new S3Config.Lock("COMPLIANCE", 30));
  }

  /** BACKUP_S3_ENDPOINT names a host, and BACKUP_S3_USE_SSL=false is an http address here. */
  @ParameterizedTest
  @CsvSource({
    "minio:9000, https://minio:9000",
    "s3.example.com, https://s3.example.com",
    "http://10.0.0.9:9000, http://10.0.0.9:9000",
    "https://s3.example.com/, https://s3.example.com"
  })
  void anEndpointIsAnAddressOrAHostAndMeansPathStyle(String written, String meant) {
    S3Config config = config("bucket: vault, endpoint: \"" + written + "\"");

    assertThat(config.endpoint()).isEqualTo(URI.create(meant));
    assertThat(config.pathStyle()).isTrue();
    assertThat(config("bucket: vault, pathStyle: false, endpoint: \"" + written + "\"").pathStyle())
        .isFalse();
  }

  /**
   * As backup-s3 takes them: keys, with a session or without, a profile, roles of pod and machine.
   */
  @Test
  void everyFormOfCredentialsCanBeSaid() {
    assertThat(source("accessKeyId: env:ID, secretAccessKey: \"aws-sm:vault#secret\""))
        .isEqualTo(new Source.Keys("env:ID", "aws-sm:vault#secret", null));
    assertThat(source("accessKeyId: env:ID, secretAccessKey: env:S, sessionToken: file:token"))
        .isEqualTo(new Source.Keys("env:ID", "env:S", "file:/etc/token"));
    assertThat(source("profile: backup")).isEqualTo(new Source.Profile("backup"));
    assertThat(
            source(
                "webIdentity: { role: \"arn:aws:iam::123456789012:role/pod\", tokenFile: /run/t }"))
        .isEqualTo(new Source.WebIdentity("arn:aws:iam::123456789012:role/pod", Path.of("/run/t")));
    assertThat(source("")).isEqualTo(new Source.Chain());
    CredentialsConfig.AssumedRole role =
        Objects.requireNonNull(
            config(
                    "bucket: vault, credentials: { profile: p, assumeRole: {"
                        + " arn: \"arn:aws:iam::123456789012:role/vault\", externalId: x,"
                        + " duration: 2h } }")
                .credentials()
                .assumed());
    assertThat(role.externalId()).isEqualTo("x");
    assertThat(role.session()).isEqualTo("tidemark");
    assertThat(role.duration()).isEqualTo(Duration.ofHours(2));
  }

  private static Source source(String credentials) {
    return config("bucket: vault, credentials: { " + credentials + " }").credentials().source();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "bucket: vault, regoin: eu-west-1 | did you mean 'region'?",
        "bucket: vault, region: eu-centrl-1 | did you mean 'eu-central-1'?",
        "bucket: Vault_1 | 3 to 63 of a-z 0-9 . -",
        "bucket: \"s3://vault\" | without s3://",
        "bucket: vault, prefix: \"a b\" | components joined by '/'",
        "bucket: vault, endpoint: \"http://host/path\" | without a path",
        "bucket: vault, endpoint: \"ftp://host\" | an address like https://host:9000",
        "bucket: vault, storageClass: STANDARD_AI | did you mean 'STANDARD_IA'?",
        "bucket: vault, storageClass: DEEP_ARCHIVE | GLACIER_IR can",
        "bucket: vault, encryption: SSE-KSM | did you mean 'SSE-KMS'?",
        "bucket: vault, kmsKey: k | add encryption: SSE-KMS",
        "bucket: vault, objectLock: { mode: COMPLIANCE } | objectLock.days",
        "bucket: vault, objectLock: { mode: COMPLAINCE, days: 1 } | did you mean 'COMPLIANCE'?",
        "bucket: vault, credentials: { accessKeyId: env:A } | add the other",
        "bucket: vault, credentials: { sessionToken: env:A } | it alone",
        "bucket: vault, credentials: { profile: p, accessKeyId: env:A, secretAccessKey: env:B } |"
            + " keep one of them",
        "bucket: vault, credentials: { assumeRole: { arn: vault } } | the ARN of a role"
      })
  void whatIsWrongIsRefusedWithAHint(String vault, String words) {
    Reading reading = read(vault);

    assertThat(reading.problems()).hasSize(1);
    assertThat(reading.problems().get(0).sentence()).contains("expected", words);
  }

  @Test
  void aKeyInPlaceOfItsReferenceIsRefusedAndNotRepeated() {
    Reading reading =
        read("bucket: vault, credentials: { accessKeyId: AKIAX, secretAccessKey: hunter2 }");

    assertThat(reading.problems())
        .hasSize(2)
        .extracting(Problem::sentence)
        .noneMatch(sentence -> sentence.contains("hunter2") || sentence.contains("AKIAX"));
  }

  @Test
  void keysAreResolvedWhereTheStoreIsOpened() {
    var asked = new AtomicReference<>("");
    AwsClients clients =
        AwsClients.of(Map.of())
            .as(
                new CredentialsConfig(new Source.Keys("env:ID", "env:KEY", "env:TOKEN"), null),
                reference -> {
                  asked.accumulateAndGet(reference, String::concat);
                  return "value of " + reference;
                });

    AwsSessionCredentials keys = (AwsSessionCredentials) clients.credentials().resolveCredentials();

    assertThat(asked.get()).contains("env:ID", "env:KEY", "env:TOKEN");
    assertThat(keys.secretAccessKey()).isEqualTo("value of env:KEY");
    assertThat(keys.sessionToken()).isEqualTo("value of env:TOKEN");
  }
}
