package dev.tidemark.store.s3;

import dev.tidemark.core.blob.BlobInfo;
import dev.tidemark.core.blob.Checksum;
import dev.tidemark.core.blob.Creation;
import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.failure.PermanentFailure.Kind;
import dev.tidemark.core.failure.TransientFailure;
import dev.tidemark.store.s3.AwsFailures.Call;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ChecksumAlgorithm;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadResponse;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.CopyPartResult;
import software.amazon.awssdk.services.s3.model.CreateMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;

/**
 * Copies inside a bucket, of any size, as multipart uploads: not by CopyObject, whose condition on
 * the target most servers ignore (and overwrite), while they keep the one of
 * CompleteMultipartUpload. The target appears whole, and only where there is none.
 *
 * <p>An upload of several parts that failed is kept for this client's next try, which goes on after
 * the parts that are done; what nobody goes on with is for a lifecycle rule to remove.
 */
final class S3Copies {
  private static final int MAX_PARTS = 10_000;
  private static final int THREADS = 8;

  /** Marks the target, so that after a lost reply it is known whose it is. */
  private static final String MARK = "copy";

  private final S3BlobStore store;
  private final S3Reads reads;
  private final S3Client client;
  private final Place place;
  private final S3Failures failures;
  private final ObjectSettings.Maker settings;
  private final long partBytes;
  private final Map<String, Upload> interrupted = new ConcurrentHashMap<>();

  /**
   * False once the store has refused to take the checksum of a part that it copies, as MinIO does.
   */
  private volatile boolean sumsCopies = true;

  S3Copies(
      S3BlobStore store,
      S3Reads reads,
      S3Client client,
      Place place,
      S3Failures failures,
      ObjectSettings.Maker settings,
      long partBytes) {
    this.store = store;
    this.reads = reads;
    this.client = client;
    this.place = place;
    this.failures = failures;
    this.settings = settings;
    this.partBytes = partBytes;
  }

  /** What is copied, as it was when the copy began. */
  private record Source(String key, long size, String etag, Checksum checksum) {}

  /**
   * @param mark of this upload alone
   * @param summed whether the store takes the SHA-256 of its one part, which is the whole
   * @param done by part number
   */
  private record Upload(
      String id,
      String mark,
      boolean summed,
      Source source,
      SortedMap<Integer, CopyPartResult> done) {}

  /** The store refused the checksum of a copied part. */
  private static final class NotSummed extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NotSummed(Throwable cause) {
      super(cause);
    }
  }

  Creation copy(String from, String to) {
    HeadObjectResponse head =
        reads
            .head(from)
            .orElseThrow(
                () ->
                    PermanentFailure.of(Kind.NOT_FOUND, "object " + from)
                        .expected("an object to copy to " + to)
                        .found("none in " + store.description()));
    Optional<BlobInfo> before = store.head(to);
    if (before.isPresent()) {
      return new Creation(true, before.get().size(), before.get().checksum());
    }
    if (head.contentLength() == 0) {
      return store.create(to, List.of());
    }
    Checksum checksum = Place.checksum(head.checksumSHA256(), head.checksumCRC64NVME());
    return copy(new Source(from, head.contentLength(), head.eTag(), checksum), to);
  }

  private Creation copy(Source source, String to) {
    Call call = failures.onObject("copy object " + source.key() + " to " + to, "s3:PutObject");
    Upload upload = interrupted.remove(to);
    if (upload == null || !upload.source().equals(source)) {
      upload = begin(call, source, to);
    }
    try {
      copyParts(call, upload, to);
    } catch (NotSummed e) {
      abort(upload, to);
      sumsCopies = false;
      return copy(source, to);
    } catch (TransientFailure e) {
      if (upload.done().isEmpty()) {
        abort(upload, to);
      } else {
        interrupted.put(to, upload);
      }
      throw e;
    } catch (PermanentFailure e) {
      abort(upload, to);
      throw e;
    }
    return complete(call, upload, to);
  }

  private Upload begin(Call call, Source source, String to) {
    String mark = UUID.randomUUID().toString();
    CreateMultipartUploadRequest.Builder create =
        CreateMultipartUploadRequest.builder()
            .bucket(place.bucket())
            .key(place.name(to))
            .metadata(Map.of(MARK, mark));
    boolean summed =
        sumsCopies && source.size() <= partBytes && source.checksum().kind().equals("sha256");
    if (summed) {
      create.checksumAlgorithm(ChecksumAlgorithm.SHA256);
    }
    settings.make().apply(create, source.size());
    try {
      String id = client.createMultipartUpload(create.build()).uploadId();
      return new Upload(id, mark, summed, source, new ConcurrentSkipListMap<>());
    } catch (SdkException e) {
      throw failures.of(call, e);
    }
  }

  private void copyParts(Call call, Upload upload, String to) {
    long size = upload.source().size();
    long part = Math.max(partBytes, (size + MAX_PARTS - 1) / MAX_PARTS);
    List<Callable<Void>> missing = new ArrayList<>();
    for (long from = 0, number = 1; from < size; from += part, number++) {
      int n = (int) number;
      String range = "bytes=" + from + "-" + (Math.min(size, from + part) - 1);
      if (!upload.done().containsKey(n)) {
        missing.add(
            () -> {
              upload.done().put(n, copyPart(call, upload, to, n, size <= part ? "" : range));
              return null;
            });
      }
    }
    all(missing);
  }

  private CopyPartResult copyPart(Call call, Upload upload, String to, int number, String range) {
    try {
      return client
          .uploadPartCopy(
              copy ->
                  copy.sourceBucket(place.bucket())
                      .sourceKey(place.name(upload.source().key()))
                      .copySourceIfMatch(upload.source().etag())
                      .copySourceRange(range.isEmpty() ? null : range)
                      .destinationBucket(place.bucket())
                      .destinationKey(place.name(to))
                      .uploadId(upload.id())
                      .partNumber(number))
          .copyPartResult();
    } catch (SdkException e) {
      if (AwsFailures.code(e).equals("NoSuchUpload")) {
        throw new TransientFailure(
            "cannot %s: its upload was removed meanwhile".formatted(call.doing()), e);
      }
      if (upload.summed() && AwsFailures.code(e).equals("InvalidArgument")) {
        throw new NotSummed(e);
      }
      throw failures.of(call, e);
    }
  }

  /** Does all even where one fails, so that a next try has less to do. */
  private static void all(List<Callable<Void>> tasks) {
    if (tasks.size() == 1) {
      try {
        var unused = tasks.get(0).call();
        return;
      } catch (RuntimeException e) {
        throw e;
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }
    ExecutorService threads = Executors.newFixedThreadPool(Math.min(THREADS, tasks.size() + 1));
    try {
      for (Future<Void> each : threads.invokeAll(tasks)) {
        var unused = each.get();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new TransientFailure("interrupted while parts were copied", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      throw new IllegalStateException(e);
    } finally {
      threads.shutdownNow();
    }
  }

  private Creation complete(Call call, Upload upload, String to) {
    Source source = upload.source();
    Checksum proved = proved(upload);
    try {
      CompleteMultipartUploadResponse answer =
          client.completeMultipartUpload(
              complete ->
                  complete
                      .bucket(place.bucket())
                      .key(place.name(to))
                      .uploadId(upload.id())
                      .multipartUpload(parts -> parts.parts(parts(upload)))
                      .ifNoneMatch("*"));
      Checksum whole =
          proved.equals(Checksum.NONE) ? Place.checksum(null, answer.checksumCRC64NVME()) : proved;
      return new Creation(false, source.size(), whole);
    } catch (SdkException e) {
      Creation creation = store.settled(call, to, e, () -> target(upload, to, proved));
      if (creation.existed()) {
        abort(upload, to);
      }
      return creation;
    }
  }

  /**
   * The SHA-256 of the whole object, which completing the upload demands of its one part; so a
   * store that has computed another one refuses.
   */
  private static Checksum proved(Upload upload) {
    return upload.summed() ? upload.source().checksum() : Checksum.NONE;
  }

  private Optional<Creation> target(Upload upload, String to, Checksum proved) {
    return reads
        .head(to)
        .map(
            head -> {
              boolean ours = upload.mark().equals(head.metadata().get(MARK));
              Checksum checksum = Place.checksum(head.checksumSHA256(), head.checksumCRC64NVME());
              return new Creation(
                  !ours,
                  head.contentLength(),
                  ours && checksum.equals(Checksum.NONE) ? proved : checksum);
            });
  }

  private static List<CompletedPart> parts(Upload upload) {
    Checksum proved = proved(upload);
    List<CompletedPart> parts = new ArrayList<>();
    upload
        .done()
        .forEach(
            (number, part) ->
                parts.add(
                    CompletedPart.builder()
                        .partNumber(number)
                        .eTag(part.eTag())
                        .checksumSHA256(proved.equals(Checksum.NONE) ? null : base64(proved))
                        .checksumCRC64NVME(part.checksumCRC64NVME())
                        .build()));
    return parts;
  }

  private static String base64(Checksum checksum) {
    return Base64.getEncoder().encodeToString(HexFormat.of().parseHex(checksum.hex()));
  }

  /** As well as it goes: what stays costs its bytes until the lifecycle rule. */
  private void abort(Upload upload, String to) {
    try {
      var unused =
          client.abortMultipartUpload(
              abort -> abort.bucket(place.bucket()).key(place.name(to)).uploadId(upload.id()));
    } catch (SdkException e) {
      // It may be gone already, and the failure that led here is the one to tell.
    }
  }
}
