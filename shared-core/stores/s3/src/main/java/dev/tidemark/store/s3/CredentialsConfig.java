package dev.tidemark.store.s3;

import static java.time.Duration.ofHours;
import static java.time.Duration.ofMinutes;

import dev.tidemark.core.config.Field;
import dev.tidemark.core.config.Options;
import dev.tidemark.core.config.Schema;
import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.failure.PermanentFailure.Kind;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who asks the store.
 *
 * @param assumed the role that the source's identity takes on; null for none
 */
public record CredentialsConfig(Source source, @Nullable AssumedRole assumed) {

  private static final Schema ASSUME =
      Schema.of(
          Schema.required("arn", Field.text("the ARN of a role", CredentialsConfig::role)),
          Schema.optional("externalId", Field.text()),
          Schema.optional("session", Field.text(), "tidemark"),
          Schema.optional(
              "duration", Field.duration(ofMinutes(15), ofHours(12)), ofHours(1).toString()),
          Schema.optional(
              "endpoint", Field.text("an address like https://host", CredentialsConfig::address)));

  private static final Schema WEB_IDENTITY =
      Schema.of(
          Schema.required("role", Field.text("the ARN of a role", CredentialsConfig::role)),
          Schema.required("tokenFile", Field.path()));

  /** The keys of {@code credentials}. */
  static final Schema SCHEMA =
      Schema.of(
              Schema.optional("accessKeyId", Field.secret()),
              Schema.optional("secretAccessKey", Field.secret()),
              Schema.optional("sessionToken", Field.secret()),
              Schema.optional("profile", Field.text()),
              Schema.optional("webIdentity", Field.options(WEB_IDENTITY)),
              Schema.optional("assumeRole", Field.options(ASSUME)))
          .checkedBy(options -> of(options));

  /** Where the first identity comes from. */
  public sealed interface Source {

    /**
     * What the SDK finds: environment, web identity of a pod, {@code ~/.aws}, the container's or
     * the machine's role.
     */
    record Chain() implements Source {}

    /** References to secrets, not the keys. */
    record Keys(String accessKeyId, String secretAccessKey, @Nullable String sessionToken)
        implements Source {}

    /** A profile of {@code ~/.aws}. */
    record Profile(String name) implements Source {}

    /** A token in a file, as a Kubernetes service account has it, and the role that it opens. */
    record WebIdentity(String role, Path tokenFile) implements Source {}
  }

  /**
   * A role to take on.
   *
   * @param duration of its credentials, which are renewed in time
   * @param endpoint of the token service; null for AWS's
   */
  public record AssumedRole(
      String arn,
      @Nullable String externalId,
      String session,
      Duration duration,
      @Nullable URI endpoint) {}

  /**
   * @throws PermanentFailure INVALID where there is more than one source, or half of one
   */
  static CredentialsConfig of(Options options) {
    List<String> sources = new ArrayList<>();
    boolean keys = options.has("accessKeyId") || options.has("secretAccessKey");
    if (keys) {
      sources.add("accessKeyId and secretAccessKey");
    }
    for (String other : List.of("profile", "webIdentity")) {
      if (options.has(other)) {
        sources.add(other);
      }
    }
    if (sources.size() > 1) {
      throw invalid("one source of credentials", String.join(", ", sources), "keep one of them");
    }
    if (keys && !(options.has("accessKeyId") && options.has("secretAccessKey"))) {
      throw invalid("accessKeyId and secretAccessKey together", "one of them", "add the other");
    }
    if (options.has("sessionToken") && !keys) {
      throw invalid("sessionToken with accessKeyId and secretAccessKey", "it alone", "add them");
    }
    return new CredentialsConfig(
        source(options), options.has("assumeRole") ? assumed(options.options("assumeRole")) : null);
  }

  private static Source source(Options options) {
    if (options.has("accessKeyId")) {
      return new Source.Keys(
          options.text("accessKeyId"),
          options.text("secretAccessKey"),
          options.textIfSet("sessionToken"));
    }
    if (options.has("profile")) {
      return new Source.Profile(options.text("profile"));
    }
    if (options.has("webIdentity")) {
      Options web = options.options("webIdentity");
      return new Source.WebIdentity(web.text("role"), web.path("tokenFile"));
    }
    return new Source.Chain();
  }

  private static AssumedRole assumed(Options options) {
    String endpoint = options.textIfSet("endpoint");
    return new AssumedRole(
        options.text("arn"),
        options.textIfSet("externalId"),
        options.text("session"),
        options.duration("duration"),
        endpoint == null ? null : URI.create(endpoint));
  }

  private static PermanentFailure invalid(String expected, String found, String hint) {
    return PermanentFailure.of(Kind.INVALID, "credentials")
        .expected(expected)
        .found(found)
        .hint(hint);
  }

  private static String role(String text) {
    if (!text.matches("arn:[a-z-]+:iam::[0-9]*:role/.+")) {
      throw new IllegalArgumentException("like arn:aws:iam::123456789012:role/name");
    }
    return text;
  }

  private static String address(String text) {
    URI uri = URI.create(text);
    if (!List.of("http", "https").contains(String.valueOf(uri.getScheme()))
        || uri.getHost() == null) {
      throw new IllegalArgumentException("");
    }
    return text;
  }
}
