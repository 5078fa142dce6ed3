package dev.tidemark.store.s3;

import dev.tidemark.core.blob.BlobLimits;
import dev.tidemark.core.config.Field;
import dev.tidemark.core.config.Nearest;
import dev.tidemark.core.config.Options;
import dev.tidemark.core.config.Schema;
import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.failure.PermanentFailure.Kind;
import java.net.URI;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.regions.Region;

/**
 * A vault in a bucket.
 *
 * @param prefix components joined by {@code '/'}, before every key; empty for the whole bucket
 * @param region null for the environment's
 * @param endpoint of another server than AWS; null for AWS
 * @param pathStyle whether the bucket is part of the path, not of the host's name
 * @param encryption null for the bucket's default
 * @param storageClass of objects from {@link S3BlobStore#MIN_CLASS_BYTES} on; null for the bucket's
 * @param lock for every object; null for the bucket's default
 */
public record S3Config(
    String bucket,
    String prefix,
    @Nullable String region,
    @Nullable URI endpoint,
    boolean pathStyle,
    CredentialsConfig credentials,
    @Nullable Encryption encryption,
    @Nullable String storageClass,
    @Nullable Lock lock) {

  /** The longest prefix, in bytes: S3 takes 1 024, and a key up to 900 of them. */
  private static final int MAX_PREFIX_BYTES = 120;

  private static final Pattern BUCKET = Pattern.compile("[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]");
  private static final Pattern REGION = Pattern.compile("[a-z0-9][a-z0-9-]{0,62}");
  private static final Pattern HOST = Pattern.compile("[A-Za-z0-9.-]+(:[0-9]{1,5})?");

  /** The keys of a vault of this store. */
  public static final Schema SCHEMA =
      Schema.of(
              Schema.required(
                  "bucket",
                  Field.text("the name of a bucket, 3 to 63 of a-z 0-9 . -", S3Config::name)),
              Schema.optional(
                  "prefix",
                  Field.text(
                      "up to 120 bytes of [a-zA-Z0-9_.-] in components joined by '/'",
                      S3Config::prefix),
                  ""),
              Schema.optional(
                  "region", Field.text("a region like eu-central-1", S3Config::regionName)),
              Schema.optional(
                  "endpoint",
                  Field.text("an address like https://host:9000", S3Config::endpointAddress)),
              Schema.optional("pathStyle", Field.flag()),
              Schema.optional("credentials", Field.options(CredentialsConfig.SCHEMA)),
              Schema.optional("encryption", Field.choice("SSE-S3", "SSE-KMS")),
              Schema.optional("kmsKey", Field.text("a key's ARN, id or alias", key -> key)),
              Schema.optional(
                  "storageClass", Field.text(StorageClasses.EXPECTED, StorageClasses::checked)),
              Schema.optional(
                  "objectLock",
                  Field.options(
                      Schema.of(
                          Schema.required("mode", Field.choice("GOVERNANCE", "COMPLIANCE")),
                          Schema.required("days", Field.number(1, 36_500))))))
          .checkedBy(options -> of(options));

  /**
   * How the store encrypts.
   *
   * @param kms whether by a key of KMS, else by the store's own
   * @param kmsKey null for the account's default key
   */
  public record Encryption(boolean kms, @Nullable String kmsKey) {}

  /**
   * For how long an object cannot be deleted, from its creation.
   *
   * @param mode {@code GOVERNANCE} or {@code COMPLIANCE}
   */
  public record Lock(String mode, int days) {}

  /**
   * What a configuration says, checked by {@link #SCHEMA}.
   *
   * @throws PermanentFailure INVALID where it makes no sense as a whole
   */
  public static S3Config of(Options options) {
    String endpoint = options.textIfSet("endpoint");
    String region = options.textIfSet("region");
    if (endpoint == null && region != null) {
      requireKnown(region);
    }
    return new S3Config(
        options.text("bucket"),
        options.text("prefix"),
        region,
        endpoint == null ? null : URI.create(endpoint),
        options.has("pathStyle") ? options.flag("pathStyle") : endpoint != null,
        CredentialsConfig.of(options.options("credentials")),
        encryption(options),
        options.textIfSet("storageClass"),
        options.has("objectLock") ? lock(options.options("objectLock")) : null);
  }

  /** In words for a person: {@code s3://bucket/prefix}, and where that is, if not on AWS. */
  public String description() {
    return "s3://"
        + bucket
        + (prefix.isEmpty() ? "" : "/" + prefix)
        + (endpoint == null ? "" : " at " + endpoint);
  }

  private static @Nullable Encryption encryption(Options options) {
    String kmsKey = options.textIfSet("kmsKey");
    boolean kms = "SSE-KMS".equals(options.textIfSet("encryption"));
    if (kmsKey != null && !kms) {
      throw PermanentFailure.of(Kind.INVALID, "kmsKey")
          .expected("kmsKey only with encryption: SSE-KMS")
          .found(options.has("encryption") ? "encryption: SSE-S3" : "no key 'encryption'")
          .hint("add encryption: SSE-KMS");
    }
    return options.has("encryption") ? new Encryption(kms, kmsKey) : null;
  }

  private static Lock lock(Options options) {
    return new Lock(options.text("mode"), (int) options.number("days"));
  }

  /** AWS's regions by name: a mistyped one would be looked for in DNS, for a long time. */
  private static void requireKnown(String region) {
    List<String> known =
        Region.regions().stream()
            .filter(each -> !each.isGlobalRegion())
            .map(Region::id)
            .sorted()
            .toList();
    if (!known.contains(region)) {
      String hint = Nearest.hint(region, known);
      throw PermanentFailure.of(Kind.INVALID, "region")
          .expected("a region of AWS, or an endpoint")
          .found("'" + region + "'")
          .hint(hint.isEmpty() ? "one that is newer than this release needs its endpoint" : hint);
    }
  }

  private static String name(String text) {
    if (!BUCKET.matcher(text).matches()) {
      throw new IllegalArgumentException(
          text.startsWith("s3://")
              ? "without s3://; what follows it goes to the key 'prefix'"
              : "");
    }
    return text;
  }

  private static String prefix(String text) {
    String trimmed = text.replaceAll("^/+|/+$", "");
    if (trimmed.length() > MAX_PREFIX_BYTES || !BlobLimits.isKey(trimmed)) {
      throw new IllegalArgumentException("");
    }
    return trimmed;
  }

  private static String regionName(String text) {
    if (!REGION.matcher(text).matches()) {
      throw new IllegalArgumentException("");
    }
    return text;
  }

  /** As other tools have it, a host without a scheme is meant to speak TLS. */
  private static String endpointAddress(String text) {
    String address = HOST.matcher(text).matches() ? "https://" + text : text;
    URI uri = URI.create(address);
    boolean http = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
    String path = uri.getPath() == null ? "" : uri.getPath();
    if (!http || uri.getHost() == null || uri.getUserInfo() != null || uri.getQuery() != null) {
      throw new IllegalArgumentException("http:// is without TLS");
    }
    if (path.length() > 1) {
      throw new IllegalArgumentException("without a path: the bucket has a key of its own");
    }
    return path.isEmpty() ? address : address.substring(0, address.length() - 1);
  }
}
