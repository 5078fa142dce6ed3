package dev.tidemark.store.s3;

import dev.tidemark.core.blob.BlobInfo;
import dev.tidemark.core.blob.BlobLimits;
import dev.tidemark.core.blob.BlobStore;
import dev.tidemark.core.blob.Checksum;
import dev.tidemark.core.blob.Creation;
import dev.tidemark.core.blob.Deletion;
import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.failure.TransientFailure;
import dev.tidemark.core.secret.SecretStore;
import dev.tidemark.store.s3.AwsFailures.Call;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.exception.SdkServiceException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;

/**
 * Objects in a bucket of S3, or of a server that speaks as S3 does; the package describes how.
 * Closing gives the client up.
 */
public final class S3BlobStore implements BlobStore, AutoCloseable {
  /** Smaller objects keep the bucket's class: the colder ones bill them as this many bytes. */
  public static final long MIN_CLASS_BYTES = 128L << 10;

  /** What a copy moves by one request; S3 takes 5 GiB. */
  public static final long COPY_PART_BYTES = 512L << 20;

  private final S3Client client;
  private final S3Config config;
  private final ObjectSettings.Maker settings;
  private final Place place;
  private final S3Failures failures;
  private final S3Reads reads;
  private final S3Copies copies;
  private final S3Deletes deletes;

  private S3BlobStore(
      S3Client client,
      S3Config config,
      InstantSource clock,
      Supplier<String> partition,
      long partBytes) {
    this.client = client;
    this.config = config;
    this.settings = () -> new ObjectSettings(config, clock);
    this.place = new Place(config);
    this.failures = new S3Failures(client, config, partition);
    this.reads = new S3Reads(client, place, failures);
    this.copies = new S3Copies(this, reads, client, place, failures, settings, partBytes);
    this.deletes = new S3Deletes(client, place, failures);
  }

  /**
   * Opens a vault's store. Nothing is asked yet, but references to keys are resolved.
   *
   * @param clients whose region and credentials hold where the configuration names none
   * @param clock says until when a new object is locked
   */
  public static S3BlobStore open(
      S3Config config, AwsClients clients, SecretStore secrets, InstantSource clock) {
    return open(config, clients, secrets, clock, COPY_PART_BYTES);
  }

  static S3BlobStore open(
      S3Config config,
      AwsClients clients,
      SecretStore secrets,
      InstantSource clock,
      long copyPartBytes) {
    Bucket bucket = Bucket.open(config, clients, secrets);
    return new S3BlobStore(bucket.client(), config, clock, bucket::partition, copyPartBytes);
  }

  @Override
  public Creation create(String key, List<ByteBuffer> bytes) {
    BlobLimits.requireKey(key);
    Body body = new Body(bytes, BlobLimits.requireSize(key, bytes));
    Call call = failures.onObject("store object " + key, "s3:PutObject");
    try {
      var unused = client.putObject(request(key, body), body.request());
      return new Creation(false, body.size(), body.checksum());
    } catch (SdkException e) {
      return settled(call, key, e, () -> existing(key, body));
    }
  }

  private PutObjectRequest request(String key, Body body) {
    PutObjectRequest.Builder put =
        PutObjectRequest.builder()
            .bucket(place.bucket())
            .key(place.name(key))
            .contentLength(body.size())
            .ifNoneMatch("*")
            .checksumSHA256(body.sha256Base64());
    settings.make().apply(put, body.size());
    return put.build();
  }

  /** What answers a create or a copy: the object as it stands, if it does. */
  interface Look {
    Optional<Creation> look();
  }

  /**
   * Finds out what became of a request: whether it collided, or was answered by nothing that
   * excludes its success.
   */
  Creation settled(Call call, String key, SdkException error, Look after) {
    if (AwsFailures.isRefusal(error) && !isCollision(error)) {
      throw failures.of(call, error);
    }
    Optional<Creation> found;
    try {
      found = after.look();
    } catch (TransientFailure | PermanentFailure e) {
      error.addSuppressed(e);
      throw failures.of(call, error);
    }
    return found.orElseThrow(
        () ->
            isCollision(error)
                ? new TransientFailure(
                    "cannot %s: another request for %s was in progress"
                        .formatted(call.doing(), key),
                    error)
                : failures.of(call, error));
  }

  private static boolean isCollision(SdkException error) {
    return error instanceof SdkServiceException answer
        && (answer.statusCode() == 412
            || answer.statusCode() == 409
            // What completing an upload is answered the second time.
            || AwsFailures.code(error).equals("NoSuchUpload"));
  }

  /** The object at a key; ours if it has these bytes, whoever brought them. */
  private Optional<Creation> existing(String key, Body body) {
    Optional<BlobInfo> info = head(key);
    if (info.isEmpty()) {
      return Optional.empty();
    }
    Checksum checksum = info.get().checksum();
    if (info.get().size() == body.size() && !checksum.kind().equals("sha256")) {
      // A store that keeps no checksum, or an object that was copied in parts.
      checksum = read(key, 0, (int) body.size()).map(S3BlobStore::sha256).orElse(checksum);
    }
    boolean ours = info.get().size() == body.size() && checksum.equals(body.checksum());
    return Optional.of(new Creation(!ours, info.get().size(), checksum));
  }

  private static Checksum sha256(ByteBuffer bytes) {
    MessageDigest digest = Body.sha256();
    digest.update(bytes);
    return new Checksum("sha256", HexFormat.of().formatHex(digest.digest()));
  }

  @Override
  public Optional<ByteBuffer> read(String key, long offset, int length) {
    return reads.read(key, offset, length);
  }

  @Override
  public Optional<BlobInfo> head(String key) {
    return reads
        .head(key)
        .map(
            head ->
                new BlobInfo(
                    key,
                    head.contentLength(),
                    Place.checksum(head.checksumSHA256(), head.checksumCRC64NVME()),
                    storageClass(head.storageClassAsString()),
                    head.lastModified()));
  }

  @Override
  public List<BlobInfo> list(String prefix, @Nullable String after, int limit) {
    return reads.list(
        prefix,
        after,
        limit,
        (key, object) ->
            new BlobInfo(
                key,
                object.size(),
                Checksum.NONE,
                storageClass(object.storageClassAsString()),
                object.lastModified()));
  }

  /** S3 leaves the usual one out of some answers. */
  private static String storageClass(@Nullable String name) {
    return name == null || name.isEmpty() ? "STANDARD" : name;
  }

  @Override
  public List<Deletion> delete(List<String> keys) {
    BlobLimits.requireDeletable(keys);
    return keys.isEmpty() ? List.of() : deletes.delete(keys);
  }

  @Override
  public Creation copy(String from, String to) {
    BlobLimits.requireKey(from);
    BlobLimits.requireKey(to);
    return copies.copy(from, to);
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
