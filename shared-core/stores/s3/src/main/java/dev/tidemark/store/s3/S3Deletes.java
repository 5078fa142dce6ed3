package dev.tidemark.store.s3;

import dev.tidemark.core.blob.Deletion;
import dev.tidemark.core.blob.Deletion.Outcome;
import dev.tidemark.store.s3.AwsFailures.Call;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectVersionsResponse;
import software.amazon.awssdk.services.s3.model.ObjectIdentifier;
import software.amazon.awssdk.services.s3.model.ObjectLockLegalHoldStatus;
import software.amazon.awssdk.services.s3.model.S3Error;

/**
 * Deletes for good. In a bucket with versions, where a plain delete would only hide an object and
 * say nothing of a lock, it is the versions that are deleted, and what hides them.
 */
final class S3Deletes {
  private static final int BATCH = 1_000;
  private static final Set<String> GONE = Set.of("NoSuchKey", "NoSuchVersion");

  private final S3Client client;
  private final Place place;
  private final S3Failures failures;

  S3Deletes(S3Client client, Place place, S3Failures failures) {
    this.client = client;
    this.place = place;
    this.failures = failures;
  }

  List<Deletion> delete(List<String> keys) {
    List<String> names = keys.stream().map(place::name).toList();
    Map<String, List<ObjectIdentifier>> targets = new HashMap<>();
    boolean versions = hasVersions();
    if (versions) {
      versionsOf(new TreeSet<>(names))
          .forEach(each -> targets.computeIfAbsent(each.key(), k -> new ArrayList<>()).add(each));
    } else {
      names.forEach(name -> targets.put(name, List.of(identifier(name, null))));
    }
    Map<String, Deletion> refused =
        deleted(targets.values().stream().flatMap(List::stream).toList());
    return names.stream()
        .map(
            name -> {
              Deletion refusal = refused.get(name);
              Outcome outcome = targets.containsKey(name) ? Outcome.DELETED : Outcome.ABSENT;
              return refusal != null ? refusal : new Deletion(place.key(name), outcome, null, "");
            })
        .toList();
  }

  private boolean hasVersions() {
    try {
      return client.getBucketVersioning(get -> get.bucket(place.bucket())).status() != null;
    } catch (SdkException e) {
      if (AwsFailures.code(e).equals("NotImplemented")) {
        return false;
      }
      throw failures.of(
          failures.onBucket("see whether the bucket has versions", "s3:GetBucketVersioning"), e);
    }
  }

  /** Reads the list of versions where these names are, and skips what lies between. */
  private List<ObjectIdentifier> versionsOf(NavigableSet<String> names) {
    List<ObjectIdentifier> found = new ArrayList<>();
    String marker = justBefore(names.first());
    String version = null;
    while (true) {
      ListObjectVersionsResponse page = page(marker, version);
      page.versions().stream()
          .filter(each -> names.contains(each.key()))
          .forEach(each -> found.add(identifier(each.key(), each.versionId())));
      page.deleteMarkers().stream()
          .filter(each -> names.contains(each.key()))
          .forEach(each -> found.add(identifier(each.key(), each.versionId())));
      String reached = page.nextKeyMarker();
      if (!Boolean.TRUE.equals(page.isTruncated()) || reached == null) {
        return found;
      }
      String next = names.ceiling(reached);
      if (next == null) {
        return found;
      }
      boolean between = !next.equals(reached);
      marker = between ? justBefore(next) : reached;
      version = between ? null : page.nextVersionIdMarker();
    }
  }

  private ListObjectVersionsResponse page(String marker, @Nullable String version) {
    try {
      return client.listObjectVersions(
          list ->
              list.bucket(place.bucket())
                  .prefix(place.name(""))
                  .keyMarker(marker)
                  .versionIdMarker(version)
                  .maxKeys(BATCH));
    } catch (SdkException e) {
      throw failures.of(
          failures.onBucket("list the versions of objects", "s3:ListBucketVersions"), e);
    }
  }

  /** A text before this name and after all smaller ones, because no name has a tilde. */
  private static String justBefore(String name) {
    int last = name.length() - 1;
    return name.substring(0, last) + (char) (name.charAt(last) - 1) + "~";
  }

  /** The names that could not be deleted, each with why. */
  private Map<String, Deletion> deleted(List<ObjectIdentifier> targets) {
    Map<String, Deletion> refused = new HashMap<>();
    for (int from = 0; from < targets.size(); from += BATCH) {
      List<ObjectIdentifier> batch = targets.subList(from, Math.min(targets.size(), from + BATCH));
      for (S3Error error : errors(batch)) {
        if (!GONE.contains(String.valueOf(error.code()))) {
          refused.put(error.key(), refusal(error));
        }
      }
    }
    return refused;
  }

  private List<S3Error> errors(List<ObjectIdentifier> batch) {
    try {
      return client
          .deleteObjects(
              delete ->
                  delete.bucket(place.bucket()).delete(each -> each.objects(batch).quiet(true)))
          .errors();
    } catch (SdkException e) {
      throw failures.of(call(), e);
    }
  }

  /** AWS says AccessDenied of a locked version, MinIO InvalidRequest: its own head tells why. */
  private Deletion refusal(S3Error error) {
    String key = place.key(error.key());
    String said = error.code() + (error.message() == null ? "" : ": " + error.message());
    HeadObjectResponse head = head(error);
    if (head != null && head.objectLockRetainUntilDate() != null) {
      return new Deletion(key, Outcome.RETAINED, head.objectLockRetainUntilDate(), said);
    }
    boolean held = head != null && head.objectLockLegalHoldStatus() == ObjectLockLegalHoldStatus.ON;
    String words = said.toLowerCase(Locale.ROOT);
    if (held || words.contains("object lock") || words.contains("worm")) {
      return new Deletion(key, Outcome.RETAINED, null, said);
    }
    String hint =
        String.valueOf(error.code()).startsWith("AccessDenied")
            ? ". Hint: add to the policy of this identity: " + call().statement()
            : "";
    return new Deletion(key, Outcome.FAILED, null, said + hint);
  }

  private @Nullable HeadObjectResponse head(S3Error error) {
    if (error.versionId() == null) {
      return null;
    }
    try {
      return client.headObject(
          head -> head.bucket(place.bucket()).key(error.key()).versionId(error.versionId()));
    } catch (SdkException e) {
      return null;
    }
  }

  private Call call() {
    return failures.onObject("delete objects", "s3:DeleteObject, s3:DeleteObjectVersion");
  }

  private static ObjectIdentifier identifier(String name, @Nullable String version) {
    return ObjectIdentifier.builder().key(name).versionId(version).build();
  }
}
