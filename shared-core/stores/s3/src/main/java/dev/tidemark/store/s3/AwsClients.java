package dev.tidemark.store.s3;

import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.failure.PermanentFailure.Kind;
import dev.tidemark.core.secret.SecretStore;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.ProfileCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.client.config.ClientOverrideConfiguration;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.retry.RetryMode;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.regions.providers.DefaultAwsRegionProviderChain;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.StsClientBuilder;
import software.amazon.awssdk.services.sts.auth.StsAssumeRoleCredentialsProvider;
import software.amazon.awssdk.services.sts.auth.StsWebIdentityTokenFileCredentialsProvider;

/**
 * How every client of an AWS service is made: region, credentials and HTTP client are said and not
 * searched for, which is most of what a cold start would spend; and one bounded retry, the SDK's
 * own, below the steps'. Immutable; those that come of one share its HTTP client.
 *
 * @param region null where nobody has named one yet
 * @param timing of all exchanges
 */
public record AwsClients(
    @Nullable Region region,
    AwsCredentialsProvider credentials,
    SdkHttpClient http,
    Timing timing) {

  /**
   * Patience with a service.
   *
   * @param connect until a connection is there
   * @param silence until the next byte of an answer comes
   * @param attempt for one exchange with its body
   * @param attempts of the SDK for one request, the first one too
   */
  public record Timing(Duration connect, Duration silence, Duration attempt, int attempts) {

    /** An attempt may take 64 MiB at 0.4 MB/s. */
    public static final Timing DEFAULT =
        new Timing(Duration.ofSeconds(5), Duration.ofSeconds(30), Duration.ofSeconds(180), 4);
  }

  /** Region and credentials as the environment has them: that of a function, a pod, a person. */
  public static AwsClients of(Map<String, String> environment) {
    return of(environment, Timing.DEFAULT);
  }

  static AwsClients of(Map<String, String> environment, Timing timing) {
    return new AwsClients(
        region(environment),
        chain(environment),
        UrlConnectionHttpClient.builder()
            .connectionTimeout(timing.connect())
            .socketTimeout(timing.silence())
            .build(),
        timing);
  }

  /** The same in another region; null changes nothing. */
  public AwsClients in(@Nullable String other) {
    return other == null ? this : new AwsClients(Region.of(other), credentials, http, timing);
  }

  /** The same with other credentials. */
  public AwsClients as(AwsCredentialsProvider other) {
    return new AwsClients(region, other, http, timing);
  }

  /**
   * The same with the credentials of a configuration, which are asked for once they are needed.
   *
   * @param secrets resolves references to keys
   */
  public AwsClients as(CredentialsConfig config, SecretStore secrets) {
    AwsCredentialsProvider source = source(config.source(), secrets);
    CredentialsConfig.AssumedRole role = config.assumed();
    return as(role == null ? source : as(source).assuming(role));
  }

  /** Gives a client's builder all that clients have in common; the caller may overrule it. */
  public <B extends AwsClientBuilder<B, C> & AwsSyncClientBuilder<B, C>, C> B configured(
      B builder) {
    return builder
        .region(requireRegion())
        .credentialsProvider(credentials)
        .httpClient(http)
        .overrideConfiguration(overrides());
  }

  /** Asks ~/.aws and the machine only here: the latter takes seconds where there is no answer. */
  private Region requireRegion() {
    if (region != null) {
      return region;
    }
    try {
      return DefaultAwsRegionProviderChain.builder().build().getRegion();
    } catch (SdkClientException e) {
      throw PermanentFailure.of(Kind.INVALID, "region of AWS")
          .expected("the key 'region', $AWS_REGION, or one in ~/.aws/config")
          .found("none of them")
          .hint("name the bucket's region, like eu-central-1")
          .cause(e);
    }
  }

  private ClientOverrideConfiguration overrides() {
    return ClientOverrideConfiguration.builder()
        .retryStrategy(
            AwsRetryStrategy.forRetryMode(RetryMode.STANDARD).toBuilder()
                .maxAttempts(timing.attempts())
                .retryOnException(AwsClients::isConflict)
                .build())
        .apiCallAttemptTimeout(timing.attempt())
        .build();
  }

  /** S3's answer to a conditional request that met another one in progress. */
  private static boolean isConflict(Throwable failure) {
    return failure instanceof AwsServiceException answer
        && answer.awsErrorDetails() != null
        && "ConditionalRequestConflict".equals(answer.awsErrorDetails().errorCode());
  }

  private AwsCredentialsProvider source(CredentialsConfig.Source source, SecretStore secrets) {
    if (source instanceof CredentialsConfig.Source.Keys keys) {
      return StaticCredentialsProvider.create(
          keys(
              secrets.resolve(keys.accessKeyId()),
              secrets.resolve(keys.secretAccessKey()),
              keys.sessionToken() == null ? null : secrets.resolve(keys.sessionToken())));
    }
    if (source instanceof CredentialsConfig.Source.Profile profile) {
      return ProfileCredentialsProvider.create(profile.name());
    }
    if (source instanceof CredentialsConfig.Source.WebIdentity web) {
      return StsWebIdentityTokenFileCredentialsProvider.builder()
          .stsClient(configured(StsClient.builder()).build())
          .roleArn(web.role())
          .roleSessionName("tidemark")
          .webIdentityTokenFile(web.tokenFile())
          .build();
    }
    return credentials;
  }

  private AwsCredentialsProvider assuming(CredentialsConfig.AssumedRole role) {
    StsClientBuilder sts = configured(StsClient.builder());
    URI endpoint = role.endpoint();
    if (endpoint != null) {
      sts.endpointOverride(endpoint);
    }
    return StsAssumeRoleCredentialsProvider.builder()
        .stsClient(sts.build())
        .refreshRequest(
            request ->
                request
                    .roleArn(role.arn())
                    .roleSessionName(role.session())
                    .externalId(role.externalId())
                    .durationSeconds((int) role.duration().toSeconds()))
        .build();
  }

  private static @Nullable Region region(Map<String, String> environment) {
    for (String variable : new String[] {"AWS_REGION", "AWS_DEFAULT_REGION"}) {
      String name = environment.getOrDefault(variable, "");
      if (!name.isEmpty()) {
        return Region.of(name);
      }
    }
    return null;
  }

  /** A function has its keys in the environment; only elsewhere is the chain worth its search. */
  private static AwsCredentialsProvider chain(Map<String, String> environment) {
    String id = environment.getOrDefault("AWS_ACCESS_KEY_ID", "");
    String secret = environment.getOrDefault("AWS_SECRET_ACCESS_KEY", "");
    if (id.isEmpty() || secret.isEmpty()) {
      return DefaultCredentialsProvider.builder().build();
    }
    return StaticCredentialsProvider.create(keys(id, secret, environment.get("AWS_SESSION_TOKEN")));
  }

  private static AwsCredentials keys(String id, String secret, @Nullable String token) {
    return token == null || token.isEmpty()
        ? AwsBasicCredentials.create(id, secret)
        : AwsSessionCredentials.create(id, secret, token);
  }
}
