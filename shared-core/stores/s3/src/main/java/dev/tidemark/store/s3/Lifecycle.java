package dev.tidemark.store.s3;

import dev.tidemark.core.staging.Expiry;
import java.time.Duration;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.AbortIncompleteMultipartUpload;
import software.amazon.awssdk.services.s3.model.ExpirationStatus;
import software.amazon.awssdk.services.s3.model.LifecycleExpiration;
import software.amazon.awssdk.services.s3.model.LifecycleRule;
import software.amazon.awssdk.services.s3.model.LifecycleRuleFilter;

/** What the rules of a bucket remove. */
record Lifecycle(S3Client client, Place place, S3Failures failures) {
  /** Not allowed, not supported, not implemented. */
  private static final Set<Integer> TELLS_NOT = Set.of(403, 405, 501);

  Expiry of(String prefix) {
    try {
      var rules =
          client.getBucketLifecycleConfiguration(ask -> ask.bucket(place.bucket())).rules().stream()
              .filter(rule -> holds(rule, place.name(prefix)))
              .toList();
      return new Expiry(
          shortest(rules.stream().map(LifecycleRule::expiration).map(Lifecycle::days)),
          shortest(
              rules.stream()
                  .map(LifecycleRule::abortIncompleteMultipartUpload)
                  .map(Lifecycle::days)),
          "");
    } catch (SdkException e) {
      if (AwsFailures.code(e).equals("NoSuchLifecycleConfiguration")) {
        return Expiry.NEVER;
      }
      if (e instanceof AwsServiceException answer && TELLS_NOT.contains(answer.statusCode())) {
        return Expiry.unknown(AwsFailures.words(answer));
      }
      throw failures.of(
          failures.onBucket("look at the lifecycle rules", "s3:GetLifecycleConfiguration"), e);
    }
  }

  private static @Nullable Duration shortest(Stream<@Nullable Integer> days) {
    int least =
        days.mapToInt(each -> each == null ? Integer.MAX_VALUE : each)
            .min()
            .orElse(Integer.MAX_VALUE);
    return least == Integer.MAX_VALUE ? null : Duration.ofDays(least);
  }

  private static @Nullable Integer days(@Nullable LifecycleExpiration expiration) {
    return expiration == null ? null : expiration.days();
  }

  private static @Nullable Integer days(@Nullable AbortIncompleteMultipartUpload abort) {
    return abort == null ? null : abort.daysAfterInitiation();
  }

  /** Whether a rule is for every object under a prefix, whatever its tags and its size. */
  @SuppressWarnings("deprecation") // Older rules have their prefix outside of the filter.
  private static boolean holds(LifecycleRule rule, String prefix) {
    LifecycleRuleFilter filter = rule.filter();
    String of = filter == null ? rule.prefix() : filter.prefix();
    boolean narrower =
        filter != null
            && (filter.and() != null
                || filter.tag() != null
                || filter.objectSizeGreaterThan() != null
                || filter.objectSizeLessThan() != null);
    return rule.status() == ExpirationStatus.ENABLED
        && !narrower
        && prefix.startsWith(of == null ? "" : of);
  }
}
