package dev.tidemark.store.s3;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.model.CreateMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.ServerSideEncryption;

/** What the configuration wants of every new object. */
final class ObjectSettings {
  /** Makes them for an object that is stored now. */
  interface Maker {
    ObjectSettings make();
  }

  private final @Nullable ServerSideEncryption encryption;
  private final @Nullable String kmsKey;
  private final @Nullable Boolean bucketKey;
  private final @Nullable String storageClass;
  private final @Nullable String lockMode;
  private final @Nullable Instant lockedUntil;

  ObjectSettings(S3Config config, InstantSource clock) {
    S3Config.Encryption wanted = config.encryption();
    boolean kms = wanted != null && wanted.kms();
    this.encryption =
        wanted == null ? null : kms ? ServerSideEncryption.AWS_KMS : ServerSideEncryption.AES256;
    this.kmsKey = wanted == null ? null : wanted.kmsKey();
    // One request to KMS for many objects, in place of one for each.
    this.bucketKey = kms ? Boolean.TRUE : null;
    this.storageClass = config.storageClass();
    S3Config.Lock lock = config.lock();
    this.lockMode = lock == null ? null : lock.mode();
    this.lockedUntil = lock == null ? null : clock.instant().plus(Duration.ofDays(lock.days()));
  }

  void apply(PutObjectRequest.Builder put, long size) {
    put.serverSideEncryption(encryption)
        .ssekmsKeyId(kmsKey)
        .bucketKeyEnabled(bucketKey)
        .storageClass(classOf(size))
        .objectLockMode(lockMode)
        .objectLockRetainUntilDate(lockedUntil);
  }

  void apply(CreateMultipartUploadRequest.Builder upload, long size) {
    upload
        .serverSideEncryption(encryption)
        .ssekmsKeyId(kmsKey)
        .bucketKeyEnabled(bucketKey)
        .storageClass(classOf(size))
        .objectLockMode(lockMode)
        .objectLockRetainUntilDate(lockedUntil);
  }

  private @Nullable String classOf(long size) {
    return size < S3BlobStore.MIN_CLASS_BYTES ? null : storageClass;
  }
}
