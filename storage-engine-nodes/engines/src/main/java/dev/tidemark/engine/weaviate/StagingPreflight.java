package dev.tidemark.engine.weaviate;

import dev.tidemark.core.config.Durations;
import dev.tidemark.core.engine.Condition;
import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.failure.TransientFailure;
import dev.tidemark.core.staging.Expiry;
import dev.tidemark.core.staging.StagingArea;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Looks whether we can work in the staging area, and whether what a lost deployment leaves there
 * goes away by itself. Whether the servers may write there shows only in a backup.
 */
record StagingPreflight(WeaviateConfig config, StagingArea area, InstantSource clock) {
  /** Of a deployment's names none begins so. */
  private static final String PROBE = "tidemark-check/";

  private static final String OURS = "tidemark-";

  /** Beyond that, leftovers are paid for, and hold what was deleted elsewhere. */
  private static final Duration LONGEST = Duration.ofDays(7);

  List<Condition> inspect() {
    List<Condition> conditions = new ArrayList<>();
    conditions.add(Condition.of("the staging area can be written and read", this::written));
    if (config.backend().equals(WeaviateConfig.S3)) {
      conditions.addAll(expiring());
    }
    return conditions;
  }

  /** Writes an object, finds, reads and deletes it. */
  private String written() {
    Instant now = clock.instant();
    String key = "%s%d-%d".formatted(PROBE, now.getEpochSecond(), now.getNano());
    var bytes = ByteBuffer.wrap(key.getBytes(StandardCharsets.UTF_8));
    area.put(key, List.of(bytes));
    Optional<ByteBuffer> read = area.read(key, 0, bytes.remaining());
    boolean listed = area.list(key, null, 1).stream().anyMatch(each -> each.key().equals(key));
    area.delete(List.of(key));
    if (!listed || !read.equals(Optional.of(bytes))) {
      throw PermanentFailure.of(PermanentFailure.Kind.FAILED, area.description())
          .expected("object %s as it was written".formatted(key))
          .found(listed ? "other bytes" : "no object of that name in the list")
          .hint("choose another place for the staging area");
    }
    return area.description();
  }

  private List<Condition> expiring() {
    String objects = "what is left in the staging area expires within days";
    Expiry expiry;
    try {
      expiry = area.expiry(OURS);
    } catch (PermanentFailure | TransientFailure e) {
      return List.of(Condition.unknown(objects, String.valueOf(e.getMessage()), rule()));
    }
    if (!expiry.unknown().isEmpty()) {
      return List.of(
          Condition.unknown(
              objects,
              expiry.unknown(),
              "allow s3:GetLifecycleConfiguration on the bucket, or look yourself: it should have "
                  + rule()));
    }
    return List.of(
        within(objects, expiry.objects(), StagingArea.KEPT),
        within(
            "uploads that nobody completes are aborted within days",
            expiry.uploads(),
            Duration.ZERO));
  }

  private Condition within(String need, @Nullable Duration after, Duration shortest) {
    String hint = "give the bucket " + rule();
    if (after == null) {
      return Condition.warning(need, "no rule of the bucket does that", hint);
    }
    String found = "after " + Durations.format(after);
    if (after.compareTo(shortest) < 0) {
      return Condition.warning(need, found + ", which a backup may take", hint);
    }
    return after.compareTo(LONGEST) > 0
        ? Condition.warning(need, found, hint)
        : Condition.good(need, found);
  }

  private String rule() {
    return ("a lifecycle rule for the prefix %s/%s that expires objects after %d days and aborts"
            + " incomplete multipart uploads after as many")
        .formatted(config.staging().text("prefix"), OURS, StagingArea.KEPT.toDays());
  }
}
