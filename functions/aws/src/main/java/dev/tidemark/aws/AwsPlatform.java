package dev.tidemark.aws;

import com.amazonaws.services.lambda.runtime.Context;
import dev.tidemark.core.blob.BlobStore;
import dev.tidemark.core.config.BlobConfigurations;
import dev.tidemark.core.config.Configuration;
import dev.tidemark.core.config.ConfigurationReader;
import dev.tidemark.core.config.Schema;
import dev.tidemark.core.config.Settings;
import dev.tidemark.core.control.Control;
import dev.tidemark.core.control.FlowControl;
import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.failure.PermanentFailure.Kind;
import dev.tidemark.core.flow.Deployment;
import dev.tidemark.core.flow.Dispatcher;
import dev.tidemark.core.flow.FlowSettings;
import dev.tidemark.core.flow.Meters;
import dev.tidemark.core.flow.Platform;
import dev.tidemark.core.flow.Register;
import dev.tidemark.core.notice.NoticeBus;
import dev.tidemark.core.queue.WorkQueue;
import dev.tidemark.core.secret.Redaction;
import dev.tidemark.core.secret.SecretStore;
import dev.tidemark.core.state.StateTable;
import dev.tidemark.core.time.Slice;
import dev.tidemark.engine.Engines;
import dev.tidemark.events.NoticeCodec;
import dev.tidemark.store.s3.AwsClients;
import dev.tidemark.store.s3.CredentialsConfig;
import dev.tidemark.store.s3.S3BlobStore;
import dev.tidemark.store.s3.S3Config;
import dev.tidemark.store.s3.SecretsManagerSecretStore;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The composition root of every function: one a process. */
final class AwsPlatform {
  private static final int MAX_CONFIGURATION_BYTES = 1 << 20;

  private static @Nullable AwsPlatform shared;

  private final InstantSource clock = InstantSource.system();
  private final SecureIds ids = new SecureIds();
  private final Invocations invocations = new Invocations(ids);
  private final JsonLines log;
  private final Settings settings;
  private final Configuration configuration;
  private final AwsSite site;
  private final Dispatcher dispatcher;
  private final WorkQueue queue;
  private final Register register;
  private final Emf metrics;

  /** This process's, made by the first handler that asks; one that failed is tried again. */
  static synchronized AwsPlatform shared() {
    if (shared == null) {
      shared = new AwsPlatform(System.getenv());
    }
    return shared;
  }

  /**
   * @throws PermanentFailure INVALID where a variable is missing, NOT_FOUND where the table or the
   *     configuration is, CONFLICT where the table is another deployment's
   */
  AwsPlatform(Map<String, String> variables) {
    AwsEnvironment environment = AwsEnvironment.of(variables);
    AwsClients clients = AwsClients.of(variables);
    Redaction redaction = new Redaction();
    SecretStore secrets = redaction.watching(new LambdaSecretStore(variables, clients));
    this.log = new JsonLines(System.out, clock, redaction, invocations::request);
    StateTable table =
        new DynamoStateTable(
            AwsServices.dynamoDb(clients, environment.endpoint("DYNAMODB")),
            environment.table(),
            clock,
            ids);
    Deployment.claim(table, environment.deployment());
    this.queue =
        new SqsWorkQueue(
            AwsServices.sqs(clients, environment.endpoint("SQS")), environment.queues());
    BlobStore bucket = controlBucket(environment, clients, secrets);
    this.configuration = configuration(environment, bucket);
    this.settings = configuration.settings();
    this.metrics = new Emf(log, environment.deployment());
    FlowSettings flow = FlowSettings.of(settings);
    this.site =
        new AwsSite(
            configuration,
            new BlobConfigurations(bucket),
            clients,
            secrets,
            environment.state(),
            clock);
    this.dispatcher =
        new Dispatcher(
            new Platform(
                table,
                queue,
                site,
                invocations,
                clock,
                ids,
                Meters.NONE,
                new LoggedEvents(log, metrics),
                notices(environment, clients),
                flow,
                environment.deployment(),
                Version.current(),
                Math.max(2, Runtime.getRuntime().availableProcessors())));
    this.register = new Register(table, flow);
  }

  Dispatcher dispatcher() {
    return dispatcher;
  }

  /** What a person may ask this deployment for. */
  Control control() {
    return new FlowControl(
        configuration, dispatcher, register, new AwsVaults(configuration, site), clock, ids);
  }

  Configuration configuration() {
    return configuration;
  }

  Register register() {
    return register;
  }

  WorkQueue queue() {
    return queue;
  }

  InstantSource clock() {
    return clock;
  }

  JsonLines log() {
    return log;
  }

  Emf metrics() {
    return metrics;
  }

  /** An invocation begins; what it leases is its own. */
  Slice begin(Context context) {
    invocations.begin(context.getAwsRequestId());
    return Slice.until(
        clock.instant().plusMillis(context.getRemainingTimeInMillis()), settings.slice(), clock);
  }

  /** Where there is no bus, the log is all that is told. */
  private NoticeBus notices(AwsEnvironment environment, AwsClients clients) {
    String bus = environment.bus();
    if (bus == null) {
      return notice -> log.info("notice", Map.of("notice", NoticeCodec.encode(notice)));
    }
    return new EventBridgeNoticeBus(
        AwsServices.eventBridge(clients, environment.endpoint("EVENTBRIDGE")), bus);
  }

  private BlobStore controlBucket(
      AwsEnvironment environment, AwsClients clients, SecretStore secrets) {
    URI endpoint = environment.endpoint("S3");
    return S3BlobStore.open(
        new S3Config(
            environment.bucket(),
            "",
            null,
            endpoint,
            endpoint != null,
            new CredentialsConfig(new CredentialsConfig.Source.Chain(), null),
            null,
            null,
            null),
        clients,
        secrets,
        clock);
  }

  private static Configuration configuration(AwsEnvironment environment, BlobStore bucket) {
    String name = bucket.description() + "/" + environment.configuration();
    ByteBuffer bytes =
        bucket
            .read(environment.configuration(), 0, MAX_CONFIGURATION_BYTES + 1)
            .orElseThrow(
                () ->
                    PermanentFailure.of(Kind.NOT_FOUND, "configuration " + name)
                        .expected("a YAML file")
                        .found("no such object")
                        .hint("correct $TIDEMARK_CONFIGURATION, or apply the Terraform module"));
    if (bytes.remaining() > MAX_CONFIGURATION_BYTES) {
      throw PermanentFailure.of(Kind.INVALID, "configuration " + name)
          .expected("at most 1 MiB")
          .found("more");
    }
    Map<String, Schema> stores = Map.of("s3", S3Config.SCHEMA);
    return new ConfigurationReader(
            Engines.schemas(stores), stores, Set.of("env", SecretsManagerSecretStore.SCHEME))
        .read(name, StandardCharsets.UTF_8.decode(bytes).toString(), environment.state())
        .orThrow();
  }
}
