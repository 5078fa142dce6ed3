package dev.tidemark.store.s3;

import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.failure.PermanentFailure.Kind;
import dev.tidemark.core.failure.TransientFailure;
import dev.tidemark.store.s3.AwsFailures.Call;
import java.util.Set;
import java.util.function.Supplier;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.exception.SdkServiceException;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * What the errors of S3 and of servers like it mean, for one bucket.
 *
 * <p>Some answers have no body, and so no code: those to a HEAD, and refusals of a body that was
 * not sent yet. What they mean is found out by a small read, whose refusal is told in full.
 */
final class S3Failures {
  private static final Set<String> BUCKET_GONE = Set.of("NoSuchBucket", "InvalidBucketName");
  private static final Set<String> ELSEWHERE =
      Set.of(
          "PermanentRedirect",
          "TemporaryRedirect",
          "AuthorizationHeaderMalformed",
          "IllegalLocationConstraintException",
          "IncorrectEndpoint");
  private static final Set<String> DAMAGED_ON_THE_WAY =
      Set.of(
          "BadDigest",
          "InvalidDigest",
          "XAmzContentChecksumMismatch",
          "XAmzContentSHA256Mismatch",
          "IncompleteBody");

  private final S3Client client;
  private final S3Config config;
  private final Supplier<String> partition;
  private final AwsFailures general;

  S3Failures(S3Client client, S3Config config, Supplier<String> partition) {
    this.client = client;
    this.config = config;
    this.partition = partition;
    this.general = new AwsFailures(config.endpoint() == null ? "S3" : config.endpoint().toString());
  }

  /** What is asked of the bucket itself. */
  Call onBucket(String doing, String action) {
    return call(doing, action, "");
  }

  /** What is asked of an object; permissions are given by prefix. */
  Call onObject(String doing, String action) {
    String below = config.prefix().isEmpty() ? "/*" : "/" + config.prefix() + "/*";
    return call(doing, action, below);
  }

  private Call call(String doing, String action, String below) {
    return new Call(
        doing, action, () -> "arn:" + partition.get() + ":s3:::" + config.bucket() + below);
  }

  RuntimeException of(Call call, SdkException error) {
    SdkException told = told(error);
    if (!(told instanceof AwsServiceException answer)) {
      return general.of(call, told);
    }
    String code = AwsFailures.code(answer);
    if (BUCKET_GONE.contains(code)) {
      return failure(Kind.NOT_FOUND, call, answer)
          .expected("the bucket " + config.bucket())
          .found("no such bucket at " + place())
          .hint("make it, which Tidemark never does, or correct bucket, region or endpoint");
    }
    if (ELSEWHERE.contains(code) || answer.statusCode() == 301 || answer.statusCode() == 307) {
      return failure(Kind.INVALID, call, answer)
          .expected("the bucket " + config.bucket() + " in the region that was asked")
          .found(AwsFailures.words(answer) + region(answer))
          .hint("correct the vault's region" + region(answer));
    }
    if (DAMAGED_ON_THE_WAY.contains(code)) {
      return new TransientFailure(
          "cannot %s: the bytes were damaged on their way (%s)"
              .formatted(call.doing(), AwsFailures.words(answer)),
          answer);
    }
    if (code.startsWith("KMS.") || AwsFailures.words(answer).contains("kms:")) {
      return failure(Kind.INVALID, call, answer)
          .expected("a key of KMS that this identity can use")
          .found(AwsFailures.words(answer))
          .hint("allow kms:GenerateDataKey and kms:Decrypt on it, enable it, or correct kmsKey");
    }
    if (code.equals("InvalidObjectState")) {
      return failure(Kind.FAILED, call, answer)
          .expected("an object that can be read at once")
          .found("an archived one: " + AwsFailures.words(answer))
          .hint("restore it from the archive first, and take archiving off the lifecycle rules");
    }
    if (answer.statusCode() == 501 || answer.statusCode() == 405) {
      return failure(Kind.INVALID, call, answer)
          .expected("a store with the operations of S3 at " + place())
          .found(AwsFailures.words(answer))
          .hint("correct the endpoint, or use another store");
    }
    if (code.isEmpty() && answer.statusCode() == 404) {
      return failure(Kind.NOT_FOUND, call, answer)
          .expected("S3 at " + place())
          .found("an answer 404 that is none of S3's")
          .hint("correct the endpoint");
    }
    return general.of(call, answer);
  }

  /** The error, or where it has no code, what a read is answered by. */
  private SdkException told(SdkException error) {
    boolean silent =
        error instanceof SdkServiceException answer
            && AwsFailures.code(error).isEmpty()
            && answer.statusCode() >= 300
            && answer.statusCode() < 500;
    if (!silent) {
      return error;
    }
    try {
      var unused =
          client.listObjectsV2(
              list -> list.bucket(config.bucket()).prefix(config.prefix()).maxKeys(1));
      return error;
    } catch (SdkException e) {
      // A missing permission to list explains nothing but itself.
      String code = AwsFailures.code(e);
      return code.isEmpty() || code.startsWith("AccessDenied") ? error : e;
    }
  }

  private String place() {
    return config.endpoint() != null
        ? config.endpoint().toString()
        : "AWS" + (config.region() == null ? "" : " in " + config.region());
  }

  private static String region(AwsServiceException answer) {
    return answer.awsErrorDetails() == null || answer.awsErrorDetails().sdkHttpResponse() == null
        ? ""
        : answer
            .awsErrorDetails()
            .sdkHttpResponse()
            .firstMatchingHeader("x-amz-bucket-region")
            .map(name -> ": it lies in " + name)
            .orElse("");
  }

  private static PermanentFailure failure(Kind kind, Call call, SdkException cause) {
    return PermanentFailure.of(kind, "cannot " + call.doing()).cause(cause);
  }
}
