package dev.tidemark.contract.cloud;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A cluster of Weaviate with one of its backup backends. */
public final class WeaviateCluster implements AutoCloseable {
  private final List<WeaviateServer> nodes;

  private WeaviateCluster(List<WeaviateServer> nodes) {
    this.nodes = List.copyOf(nodes);
    try {
      this.nodes.forEach(WeaviateServer::launch);
      this.nodes.forEach(WeaviateServer::await);
    } catch (RuntimeException | Error e) {
      close();
      throw e;
    }
  }

  /**
   * One node that keeps native backups in a folder.
   *
   * @param folder empty or absent
   * @param backups where they are kept
   * @param more variables of the server
   */
  public static WeaviateCluster single(Path folder, Path backups, Map<String, String> more) {
    return single("weaviate", folder, backups, more);
  }

  /**
   * The same.
   *
   * @param prefix of the nodes' names
   */
  public static WeaviateCluster single(
      String prefix, Path folder, Path backups, Map<String, String> more) {
    Map<String, String> environment = new TreeMap<>(more);
    environment.put("ENABLE_MODULES", "backup-filesystem");
    environment.put("BACKUP_FILESYSTEM_PATH", backups.toString());
    environment.put("RAFT_BOOTSTRAP_EXPECT", "1");
    try {
      Files.createDirectories(backups);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return started(prefix, 1, folder, environment);
  }

  /**
   * Nodes that keep native backups in a bucket.
   *
   * @param folder empty or absent
   * @param more variables of every server
   */
  public static WeaviateCluster of(
      int size, Path folder, MinioServer minio, String bucket, Map<String, String> more) {
    return of("weaviate", size, folder, minio, bucket, more);
  }

  /**
   * The same.
   *
   * @param prefix of the nodes' names
   */
  public static WeaviateCluster of(
      String prefix,
      int size,
      Path folder,
      MinioServer minio,
      String bucket,
      Map<String, String> more) {
    Map<String, String> environment = new TreeMap<>(more);
    environment.putIfAbsent("ENABLE_MODULES", "backup-s3");
    environment.putAll(
        Map.of(
            "BACKUP_S3_BUCKET",
            bucket,
            "BACKUP_S3_ENDPOINT",
            "127.0.0.1:" + minio.port(),
            "BACKUP_S3_USE_SSL",
            "false",
            "AWS_REGION",
            "us-east-1",
            "AWS_ACCESS_KEY_ID",
            MinioServer.USER,
            "AWS_SECRET_ACCESS_KEY",
            MinioServer.PASSWORD,
            "RAFT_BOOTSTRAP_EXPECT",
            Integer.toString(size)));
    return started(prefix, size, folder, environment);
  }

  private static WeaviateCluster started(
      String prefix, int size, Path folder, Map<String, String> environment) {
    List<WeaviateServer> nodes = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      String name = prefix + "-" + i;
      nodes.add(new WeaviateServer(name, folder.resolve(name), environment));
    }
    String founders = String.join(",", nodes.stream().map(WeaviateServer::raft).toList());
    for (WeaviateServer node : nodes) {
      node.set("RAFT_JOIN", founders);
      if (node != nodes.get(0)) {
        node.set("CLUSTER_JOIN", nodes.get(0).gossip());
      }
    }
    return new WeaviateCluster(nodes);
  }

  public List<WeaviateServer> nodes() {
    return nodes;
  }

  public WeaviateServer node(int i) {
    return nodes.get(i);
  }

  @Override
  public void close() {
    nodes.forEach(WeaviateServer::close);
  }
}
