package dev.tidemark.journey.sim;

import dev.tidemark.contract.ManualClock;
import dev.tidemark.contract.cloud.EmulatedAws;
import dev.tidemark.contract.cloud.MinioServer;
import dev.tidemark.store.s3.AwsClients;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** Servers that speak as AWS does, with room for many worlds side by side. */
final class AwsServers implements AutoCloseable {
  static final String BUCKET = "vaults";

  private final MinioServer minio;
  private final EmulatedAws emulated = EmulatedAws.started();
  private final AtomicInteger worlds = new AtomicInteger();

  private AwsServers(MinioServer minio) {
    this.minio = minio;
  }

  /**
   * Starts them.
   *
   * @param folder empty or absent
   */
  static AwsServers start(Path folder) {
    return new AwsServers(MinioServer.start(folder, BUCKET));
  }

  /** Where the services are. */
  record Endpoints(URI s3, URI dynamoDb, URI sqs) {}

  Endpoints endpoints() {
    return new Endpoints(URI.create(minio.address()), emulated.dynamoDb(), emulated.sqs());
  }

  AwsClients clients() {
    return AwsClients.of(
        Map.of(
            "AWS_REGION", "eu-central-1",
            "AWS_ACCESS_KEY_ID", MinioServer.USER,
            "AWS_SECRET_ACCESS_KEY", MinioServer.PASSWORD));
  }

  /** A place of a world's own, reached through a network of its own, in which nothing fails yet. */
  AwsPorts ports(Setting setting, ManualClock clock) {
    return new AwsPorts(this, "world-" + worlds.incrementAndGet(), setting, clock);
  }

  @Override
  public void close() {
    minio.close();
  }
}
