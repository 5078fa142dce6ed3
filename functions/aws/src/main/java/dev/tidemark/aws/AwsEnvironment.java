package dev.tidemark.aws;

import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.failure.PermanentFailure.Kind;
import dev.tidemark.events.WorkItem.Queue;
import java.net.URI;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the environment says of a deployment, as Terraform sets it.
 *
 * @param deployment {@code $TIDEMARK_DEPLOYMENT}, {@code [a-z0-9]{1,16}}: whose table it must be
 * @param table {@code $TIDEMARK_TABLE}, its name
 * @param queues {@code $TIDEMARK_CONTROL_QUEUE} and {@code $TIDEMARK_TRANSFER_QUEUE}, their URLs
 * @param bucket {@code $TIDEMARK_CONTROL_BUCKET}: where configurations are kept, never a vault's
 * @param configuration {@code $TIDEMARK_CONFIGURATION}: the key in that bucket of the YAML file
 *     which new runs begin with
 * @param bus {@code $TIDEMARK_EVENT_BUS}, the name or ARN of EventBridge's for notices; null where
 *     they are only logged
 * @param state {@code $TIDEMARK_STATE}: a folder for engines that keep something beside what they
 *     back up; only with a file system that all functions share does that survive an invocation
 * @param endpoints of services, by the part of {@code $AWS_ENDPOINT_URL_<SERVICE>} that names them;
 *     those of AWS are not in it
 */
record AwsEnvironment(
    String deployment,
    String table,
    Map<Queue, String> queues,
    String bucket,
    String configuration,
    @Nullable String bus,
    Path state,
    Map<String, URI> endpoints) {

  private static final String ENDPOINT = "AWS_ENDPOINT_URL_";
  private static final List<String> REQUIRED =
      List.of(
          "TIDEMARK_DEPLOYMENT",
          "TIDEMARK_TABLE",
          "TIDEMARK_CONTROL_QUEUE",
          "TIDEMARK_TRANSFER_QUEUE",
          "TIDEMARK_CONTROL_BUCKET",
          "TIDEMARK_CONFIGURATION");

  /**
   * @throws PermanentFailure INVALID, naming all that is missing at once
   */
  static AwsEnvironment of(Map<String, String> variables) {
    List<String> missing =
        REQUIRED.stream().filter(name -> variables.getOrDefault(name, "").isEmpty()).toList();
    if (!missing.isEmpty()) {
      throw PermanentFailure.of(Kind.INVALID, "environment of the function")
          .expected("the variables " + String.join(", ", REQUIRED))
          .found("none of the name " + String.join(", ", missing))
          .hint("Terraform's module sets them all; set by hand what you deploy by hand");
    }
    String deployment = variables.getOrDefault("TIDEMARK_DEPLOYMENT", "");
    if (!deployment.matches("[a-z0-9]{1,16}")) {
      throw PermanentFailure.of(Kind.INVALID, "$TIDEMARK_DEPLOYMENT")
          .expected("1 to 16 of a-z and 0-9")
          .found("'" + deployment + "'");
    }
    String bus = variables.getOrDefault("TIDEMARK_EVENT_BUS", "");
    return new AwsEnvironment(
        deployment,
        variables.getOrDefault("TIDEMARK_TABLE", ""),
        Map.of(
            Queue.CONTROL, variables.getOrDefault("TIDEMARK_CONTROL_QUEUE", ""),
            Queue.TRANSFER, variables.getOrDefault("TIDEMARK_TRANSFER_QUEUE", "")),
        variables.getOrDefault("TIDEMARK_CONTROL_BUCKET", ""),
        variables.getOrDefault("TIDEMARK_CONFIGURATION", ""),
        bus.isEmpty() ? null : bus,
        Path.of(variables.getOrDefault("TIDEMARK_STATE", "/tmp/tidemark")),
        endpoints(variables));
  }

  /** Where another server than AWS's has a service; null for AWS. */
  @Nullable URI endpoint(String service) {
    return endpoints.get(service);
  }

  private static Map<String, URI> endpoints(Map<String, String> variables) {
    Map<String, URI> endpoints = new HashMap<>();
    variables.forEach(
        (name, value) -> {
          if (name.startsWith(ENDPOINT) && !value.isEmpty()) {
            endpoints.put(name.substring(ENDPOINT.length()), URI.create(value));
          }
        });
    return Map.copyOf(endpoints);
  }
}
