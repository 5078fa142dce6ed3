package dev.tidemark.store.s3;

import dev.tidemark.core.secret.SecretStore;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.regions.RegionMetadata;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;
import software.amazon.awssdk.services.s3.S3Configuration;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;

/**
 * How a bucket is asked.
 *
 * @param chosen region and credentials
 */
record Bucket(S3Config config, AwsClients chosen) {
  /** A refusal that comes before the body was sent does not break the connection. */
  private static final long EXPECT_CONTINUE_BYTES = 1L << 20;

  static Bucket open(S3Config config, AwsClients clients, SecretStore secrets) {
    AwsClients placed = clients.in(config.region());
    if (placed.region() == null && config.endpoint() != null) {
      // Servers that know no regions take any; this is what they call themselves.
      placed = placed.in(Region.US_EAST_1.id());
    }
    return new Bucket(config, placed.as(config.credentials(), secrets));
  }

  S3Client client() {
    S3ClientBuilder builder =
        chosen
            .configured(S3Client.builder())
            // Ours is precomputed; a second one by the SDK would cost a pass over the bytes.
            .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
            .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
            .serviceConfiguration(
                S3Configuration.builder()
                    .chunkedEncodingEnabled(false)
                    .expectContinueEnabled(true)
                    .expectContinueThresholdInBytes(EXPECT_CONTINUE_BYTES)
                    .build())
            .forcePathStyle(config.pathStyle());
    URI endpoint = config.endpoint();
    if (endpoint != null) {
      builder.endpointOverride(endpoint);
    }
    return builder.build();
  }

  /** An address at which anybody can read an object for some time; asks nothing of the bucket. */
  URI readUrl(String name, Duration life) throws URISyntaxException {
    S3Presigner.Builder builder =
        S3Presigner.builder()
            .region(chosen.region())
            .credentialsProvider(chosen.credentials())
            .serviceConfiguration(
                S3Configuration.builder().pathStyleAccessEnabled(config.pathStyle()).build());
    URI endpoint = config.endpoint();
    if (endpoint != null) {
      builder.endpointOverride(endpoint);
    }
    try (S3Presigner signer = builder.build()) {
      return signer
          .presignGetObject(
              sign ->
                  sign.signatureDuration(life)
                      .getObjectRequest(get -> get.bucket(config.bucket()).key(name)))
          .url()
          .toURI();
    }
  }

  /** Of ARNs. For messages only: the SDK loads tables of all regions and services to know it. */
  String partition() {
    Region region = chosen.region();
    RegionMetadata known = region == null ? null : region.metadata();
    return known == null ? "aws" : known.partition().id();
  }
}
