package dev.tidemark.aws;

import dev.tidemark.contract.cloud.MinioServer;
import dev.tidemark.core.flow.RunView;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/** MinIO of its own, and the emulators of this JVM; there is no bus, so notices are lines. */
final class EmulatedServices implements Services {
  private final MinioServer minio;
  private final SqsClient sqs = Emulators.started().sqs();

  EmulatedServices(Path folder, String... buckets) {
    this.minio = MinioServer.start(folder, buckets);
  }

  @Override
  public Map<String, String> environment() {
    Map<String, String> environment = new HashMap<>(Emulators.started().environment());
    environment.put("AWS_ACCESS_KEY_ID", MinioServer.USER);
    environment.put("AWS_SECRET_ACCESS_KEY", MinioServer.PASSWORD);
    environment.put("AWS_ENDPOINT_URL_S3", minio.address());
    return environment;
  }

  @Override
  public SqsClient sqs() {
    return sqs;
  }

  @Override
  public String table() {
    return Emulators.started().table();
  }

  @Override
  public String queue(Map<QueueAttributeName, String> attributes) {
    return Emulators.started().queue(attributes);
  }

  @Override
  public boolean told(RunView run, Path log) throws IOException {
    return Files.readAllLines(log).stream()
        .anyMatch(line -> line.contains("\"notice\"") && line.contains(run.id()));
  }

  @Override
  public void close() {
    sqs.close();
    minio.close();
  }
}
