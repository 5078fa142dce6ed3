package dev.tidemark.engine.weaviate;

import dev.tidemark.contract.cloud.MinioServer;
import dev.tidemark.contract.cloud.WeaviateCluster;
import dev.tidemark.contract.cloud.WeaviateServer;
import dev.tidemark.core.config.ClusterConfig;
import dev.tidemark.core.config.ConfigurationReader;
import dev.tidemark.core.config.Field;
import dev.tidemark.core.config.Schema;
import dev.tidemark.core.engine.StorageEngine;
import dev.tidemark.core.secret.SecretStore;
import dev.tidemark.core.staging.StagingArea;
import dev.tidemark.core.time.Ids;
import dev.tidemark.engine.Engines;
import dev.tidemark.store.filesystem.FilesystemStagingArea;
import dev.tidemark.store.s3.AwsClients;
import dev.tidemark.store.s3.S3Config;
import dev.tidemark.store.s3.S3StagingArea;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Clients of real clusters, as a configuration opens them. */
final class Weaviates {
  static final String BUCKET = "native";
  static final String PREFIX = "tidemark-staging";

  /** Of whom may do everything, on servers that ask who it is. */
  static final String ROOT_KEY = "key-of-root";

  /** What a configuration says to use it. */
  static final String ROOT_REFERENCE = "env:ROOT_KEY";

  private static SecretStore secrets(String key) {
    return reference -> {
      if (!reference.equals(ROOT_REFERENCE)) {
        throw new AssertionError(reference);
      }
      return key;
    };
  }

  private Weaviates() {}

  /** Of a cluster with its backups in a folder. */
  static StorageEngine engine(WeaviateCluster cluster, Path backups, Map<String, String> more) {
    return engine(cluster, backups, more, ROOT_KEY);
  }

  /**
   * The same.
   *
   * @param key what {@link #ROOT_REFERENCE} stands for
   */
  static StorageEngine engine(
      WeaviateCluster cluster, Path backups, Map<String, String> more, String key) {
    Map<String, String> keys = new TreeMap<>(more);
    keys.putIfAbsent("backend", "filesystem");
    keys.put("staging", "{ store: filesystem, path: '%s' }".formatted(backups));
    return open(cluster, keys, area(backups), key);
  }

  static StagingArea area(Path backups) {
    return new FilesystemStagingArea(backups, InstantSource.system(), new RandomIds());
  }

  /** Of a cluster with its backups in a bucket. */
  static StorageEngine engine(
      WeaviateCluster cluster, MinioServer minio, Map<String, String> more) {
    return engine(cluster, minio, BUCKET, more);
  }

  static StorageEngine engine(
      WeaviateCluster cluster, MinioServer minio, String bucket, Map<String, String> more) {
    Map<String, String> keys = new TreeMap<>(more);
    keys.put("backend", "s3");
    keys.put(
        "staging",
        "{ store: s3, bucket: %s, prefix: %s, endpoint: '%s' }"
            .formatted(bucket, PREFIX, minio.address()));
    return open(cluster, keys, area(minio, bucket), ROOT_KEY);
  }

  static StagingArea area(MinioServer minio) {
    return area(minio, BUCKET);
  }

  static StagingArea area(MinioServer minio, String bucket) {
    var reader =
        read(
            "engine: weaviate, endpoints: ['http://x'], backend: s3, staging: { store: s3,"
                + " bucket: %s, prefix: %s, endpoint: '%s' }"
                    .formatted(bucket, PREFIX, minio.address()));
    AwsClients clients =
        AwsClients.of(
            Map.of(
                "AWS_REGION",
                "us-east-1",
                "AWS_ACCESS_KEY_ID",
                MinioServer.USER,
                "AWS_SECRET_ACCESS_KEY",
                MinioServer.PASSWORD));
    return S3StagingArea.open(
        S3Config.of(reader.options().options("staging")),
        clients,
        secrets(ROOT_KEY),
        InstantSource.system());
  }

  /** What the configuration of a cluster with its backups in a folder says. */
  static WeaviateConfig config(WeaviateCluster cluster, Path backups) {
    Map<String, String> keys = new TreeMap<>();
    keys.put("backend", "filesystem");
    keys.put("staging", "{ store: filesystem, path: '%s' }".formatted(backups));
    return WeaviateConfig.of("w", configured(cluster, keys).options());
  }

  private static StorageEngine open(
      WeaviateCluster cluster, Map<String, String> keys, StagingArea area, String key) {
    return Engines.open(
        configured(cluster, keys),
        secrets(key),
        place -> area,
        Path.of("/nowhere"),
        InstantSource.system());
  }

  private static ClusterConfig configured(WeaviateCluster cluster, Map<String, String> keys) {
    String endpoints =
        cluster.nodes().stream()
            .map(WeaviateServer::address)
            .map(address -> "'" + address + "'")
            .collect(Collectors.joining(", ", "[", "]"));
    Map<String, String> all = new TreeMap<>(keys);
    all.putIfAbsent("endpoints", endpoints);
    String yaml =
        all.entrySet().stream()
            .map(each -> each.getKey() + ": " + each.getValue())
            .collect(Collectors.joining(", "));
    return read("engine: weaviate, " + yaml);
  }

  private static ClusterConfig read(String keys) {
    Map<String, Schema> stores =
        Map.of(
            "filesystem", Schema.of(Schema.required("path", Field.path())), "s3", S3Config.SCHEMA);
    return Objects.requireNonNull(
        new ConfigurationReader(Engines.schemas(stores), stores, Set.of("env"))
            .read(
                "tidemark.yaml",
                "vaults: { main: { path: v } }\nclusters: { w: { %s } }\n".formatted(keys),
                Path.of("/nowhere"))
            .orThrow()
            .clusters()
            .get("w"));
  }

  private static final class RandomIds implements Ids {
    private final SecureRandom random = new SecureRandom();

    @Override
    public String text(int length) {
      return random
          .ints(length, 0, 36)
          .mapToObj(digit -> Character.toString(Character.forDigit(digit, 36)))
          .collect(Collectors.joining());
    }

    @Override
    public byte[] bytes(int length) {
      var bytes = new byte[length];
      random.nextBytes(bytes);
      return bytes;
    }
  }
}
