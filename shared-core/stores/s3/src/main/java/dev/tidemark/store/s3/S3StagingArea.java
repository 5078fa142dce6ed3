package dev.tidemark.store.s3;

import dev.tidemark.core.blob.BlobLimits;
import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.failure.PermanentFailure.Kind;
import dev.tidemark.core.failure.TransientFailure;
import dev.tidemark.core.secret.SecretStore;
import dev.tidemark.core.staging.Expiry;
import dev.tidemark.core.staging.StagedObject;
import dev.tidemark.core.staging.StagedPart;
import dev.tidemark.core.staging.StagingArea;
import dev.tidemark.core.staging.StagingLimits;
import dev.tidemark.core.staging.Upload;
import dev.tidemark.store.s3.AwsFailures.Call;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ChecksumAlgorithm;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.CreateMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.Delete;
import software.amazon.awssdk.services.s3.model.DeleteObjectsResponse;
import software.amazon.awssdk.services.s3.model.ListMultipartUploadsResponse;
import software.amazon.awssdk.services.s3.model.ListPartsResponse;
import software.amazon.awssdk.services.s3.model.MultipartUpload;
import software.amazon.awssdk.services.s3.model.ObjectIdentifier;
import software.amazon.awssdk.services.s3.model.Part;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;

/**
 * Scratch objects in a bucket of S3, or of a server that speaks as S3 does. Every put and part goes
 * with its SHA-256, which the store refuses to differ from.
 *
 * <p>The bucket should have no versions, else what is deleted is only hidden, and a lifecycle rule
 * that removes objects and unfinished uploads after {@link StagingArea#KEPT}; {@link #expiry}
 * tells. On the prefix: {@code s3:GetObject}, {@code s3:PutObject}, {@code s3:DeleteObject}, {@code
 * s3:AbortMultipartUpload}, {@code s3:ListMultipartUploadParts}; on the bucket {@code
 * s3:ListBucket}, {@code s3:ListBucketMultipartUploads}, and {@code s3:GetLifecycleConfiguration}
 * to be told of a missing rule.
 */
public final class S3StagingArea implements StagingArea, AutoCloseable {
  private static final char TAG_SEPARATOR = ' ';

  private final Bucket bucket;
  private final InstantSource clock;
  private final S3Client client;
  private final S3Config config;
  private final ObjectSettings.Maker settings;
  private final Place place;
  private final S3Failures failures;
  private final S3Reads reads;

  private S3StagingArea(Bucket bucket, InstantSource clock) {
    this.bucket = bucket;
    this.clock = clock;
    this.config = bucket.config();
    this.client = bucket.client();
    this.settings = () -> new ObjectSettings(config, clock);
    this.place = new Place(config);
    this.failures = new S3Failures(client, config, bucket::partition);
    this.reads = new S3Reads(client, place, failures);
  }

  /**
   * Opens a staging area. Nothing is asked yet, but references to keys are resolved.
   *
   * @param clients whose region and credentials hold where the configuration names none
   * @throws PermanentFailure INVALID where the configuration locks objects
   */
  public static S3StagingArea open(
      S3Config config, AwsClients clients, SecretStore secrets, InstantSource clock) {
    if (config.lock() != null) {
      throw PermanentFailure.of(Kind.INVALID, "staging area " + config.description())
          .expected("objects that can be deleted")
          .found("the key 'objectLock'")
          .hint("leave it out, and take a bucket without a default lock");
    }
    return new S3StagingArea(Bucket.open(config, clients, secrets), clock);
  }

  @Override
  public void put(String key, List<ByteBuffer> bytes) {
    BlobLimits.requireKey(key);
    Body body = new Body(bytes, StagingLimits.requireSize(key, bytes));
    PutObjectRequest.Builder put =
        PutObjectRequest.builder()
            .bucket(place.bucket())
            .key(place.name(key))
            .contentLength(body.size())
            .checksumSHA256(body.sha256Base64());
    settings.make().apply(put, body.size());
    try {
      var unused = client.putObject(put.build(), body.request());
    } catch (SdkException e) {
      throw failures.of(failures.onObject("store object " + key, "s3:PutObject"), e);
    }
  }

  @Override
  public Optional<ByteBuffer> read(String key, long offset, int length) {
    return reads.read(key, offset, length);
  }

  @Override
  public Optional<StagedObject> head(String key) {
    return reads
        .head(key)
        .map(head -> new StagedObject(key, head.contentLength(), head.eTag(), head.lastModified()));
  }

  @Override
  public List<StagedObject> list(String prefix, @Nullable String after, int limit) {
    return reads.list(
        prefix,
        after,
        limit,
        (key, object) ->
            new StagedObject(key, object.size(), object.eTag(), object.lastModified()));
  }

  @Override
  public void delete(List<String> keys) {
    StagingLimits.requireDeletable(keys);
    if (keys.isEmpty()) {
      return;
    }
    List<ObjectIdentifier> names =
        keys.stream()
            .map(key -> ObjectIdentifier.builder().key(place.name(BlobLimits.requireKey(key))))
            .map(ObjectIdentifier.Builder::build)
            .toList();
    Delete wanted = Delete.builder().objects(names).quiet(true).build();
    try {
      DeleteObjectsResponse answer =
          client.deleteObjects(ask -> ask.bucket(place.bucket()).delete(wanted));
      if (!answer.errors().isEmpty()) {
        throw new TransientFailure(
            "cannot delete %d of %d objects in %s: %s: %s"
                .formatted(
                    answer.errors().size(),
                    keys.size(),
                    description(),
                    answer.errors().get(0).code(),
                    answer.errors().get(0).message()));
      }
    } catch (SdkException e) {
      throw failures.of(failures.onObject("delete objects", "s3:DeleteObject"), e);
    }
  }

  @Override
  public Upload begin(String key) {
    BlobLimits.requireKey(key);
    CreateMultipartUploadRequest.Builder create =
        CreateMultipartUploadRequest.builder()
            .bucket(place.bucket())
            .key(place.name(key))
            .checksumAlgorithm(ChecksumAlgorithm.SHA256);
    settings.make().apply(create, MAX_PUT_BYTES);
    Call call = failures.onObject("begin an upload of " + key, "s3:PutObject");
    try {
      String id = client.createMultipartUpload(create.build()).uploadId();
      return new Upload(key, id, clock.instant());
    } catch (SdkException e) {
      throw failures.of(call, e);
    }
  }

  @Override
  public StagedPart part(Upload upload, int number, List<ByteBuffer> bytes) {
    StagingLimits.requireNumber(upload, number);
    Body body = new Body(bytes, StagingLimits.requireSize(upload.key(), bytes));
    String doing = "store part %d of %s".formatted(number, upload.key());
    try {
      String etag =
          client
              .uploadPart(
                  part ->
                      part.bucket(place.bucket())
                          .key(place.name(upload.key()))
                          .uploadId(upload.id())
                          .partNumber(number)
                          .contentLength(body.size())
                          .checksumSHA256(body.sha256Base64()),
                  body.request())
              .eTag();
      return new StagedPart(number, body.size(), tag(etag, body.sha256Base64()));
    } catch (SdkException e) {
      throw failed(upload, failures.onObject(doing, "s3:PutObject"), e);
    }
  }

  private static String tag(String etag, @Nullable String sha256) {
    return etag + TAG_SEPARATOR + (sha256 == null ? "" : sha256);
  }

  private RuntimeException failed(Upload upload, Call call, SdkException error) {
    return AwsFailures.code(error).equals("NoSuchUpload")
        ? new UploadGone(upload, error)
        : failures.of(call, error);
  }

  @Override
  public List<StagedPart> parts(Upload upload) {
    List<StagedPart> parts = new ArrayList<>();
    Call call =
        failures.onObject("list the parts of " + upload.key(), "s3:ListMultipartUploadParts");
    Integer after = null;
    boolean more = true;
    try {
      while (more) {
        Integer from = after;
        ListPartsResponse page =
            client.listParts(
                list ->
                    list.bucket(place.bucket())
                        .key(place.name(upload.key()))
                        .uploadId(upload.id())
                        .partNumberMarker(from));
        for (Part each : page.parts()) {
          parts.add(
              new StagedPart(
                  each.partNumber(), each.size(), tag(each.eTag(), each.checksumSHA256())));
        }
        after = page.nextPartNumberMarker();
        more = Boolean.TRUE.equals(page.isTruncated()) && !page.parts().isEmpty();
      }
      return parts;
    } catch (SdkException e) {
      throw failed(upload, call, e);
    }
  }

  @Override
  public void complete(Upload upload, List<StagedPart> parts) {
    StagingLimits.requireWhole(upload, parts);
    List<CompletedPart> completed = parts.stream().map(S3StagingArea::completed).toList();
    Call call = failures.onObject("complete the upload of " + upload.key(), "s3:PutObject");
    try {
      var unused =
          client.completeMultipartUpload(
              complete ->
                  complete
                      .bucket(place.bucket())
                      .key(place.name(upload.key()))
                      .uploadId(upload.id())
                      .multipartUpload(all -> all.parts(completed)));
    } catch (SdkException e) {
      if (e instanceof AwsServiceException answer
          && AwsFailures.code(e).startsWith("InvalidPart")) {
        throw PermanentFailure.of(Kind.INVALID, "upload of " + upload.key())
            .expected("the parts that are stored")
            .found(AwsFailures.words(answer))
            .cause(e);
      }
      throw failed(upload, call, e);
    }
  }

  private static CompletedPart completed(StagedPart part) {
    int space = part.tag().indexOf(TAG_SEPARATOR);
    String sha256 = part.tag().substring(space + 1);
    return CompletedPart.builder()
        .partNumber(part.number())
        .eTag(part.tag().substring(0, Math.max(0, space)))
        .checksumSHA256(sha256.isEmpty() ? null : sha256)
        .build();
  }

  @Override
  public void abort(Upload upload) {
    try {
      var unused =
          client.abortMultipartUpload(
              abort ->
                  abort.bucket(place.bucket()).key(place.name(upload.key())).uploadId(upload.id()));
    } catch (SdkException e) {
      if (!AwsFailures.code(e).equals("NoSuchUpload")) {
        String doing = "give up the upload of " + upload.key();
        throw failures.of(failures.onObject(doing, "s3:AbortMultipartUpload"), e);
      }
    }
  }

  /** MinIO lists the uploads of one object only: those whose key the prefix is. */
  @Override
  public List<Upload> uploads(String prefix, Instant before) {
    List<Upload> uploads = new ArrayList<>();
    Call call =
        failures.onBucket(
            "list the uploads under '" + prefix + "'", "s3:ListBucketMultipartUploads");
    String[] after = new String[2];
    boolean more = true;
    try {
      while (more) {
        ListMultipartUploadsResponse page =
            client.listMultipartUploads(
                list ->
                    list.bucket(place.bucket())
                        .prefix(place.name(prefix))
                        .keyMarker(after[0])
                        .uploadIdMarker(after[1]));
        for (MultipartUpload each : page.uploads()) {
          if (each.initiated().isBefore(before)) {
            uploads.add(new Upload(place.key(each.key()), each.uploadId(), each.initiated()));
          }
        }
        after[0] = page.nextKeyMarker();
        after[1] = page.nextUploadIdMarker();
        more = Boolean.TRUE.equals(page.isTruncated()) && !page.uploads().isEmpty();
      }
      return uploads;
    } catch (SdkException e) {
      throw failures.of(call, e);
    }
  }

  @Override
  public Optional<URI> readUrl(String key, Duration life) {
    BlobLimits.requireKey(key);
    StagingLimits.requireLife(key, life);
    try {
      return Optional.of(bucket.readUrl(place.name(key), life));
    } catch (SdkException | URISyntaxException e) {
      throw new TransientFailure("cannot sign an address of object " + key, e);
    }
  }

  @Override
  public Expiry expiry(String prefix) {
    return new Lifecycle(client, place, failures).of(prefix);
  }

  @Override
  public String description() {
    return config.description();
  }

  @Override
  public void close() {
    client.close();
  }
}
