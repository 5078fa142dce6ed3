package dev.tidemark.aws;

import dev.tidemark.core.flow.RunView;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/**
 * The services of AWS under a deployment, and what Terraform would make of them: MinIO, DynamoDB
 * Local and ElasticMQ; or LocalStack, with the profile of that name.
 */
interface Services extends AutoCloseable {

  /**
   * Starts them, or takes those that run.
   *
   * @param folder for what they keep; empty or absent
   * @param buckets which are there then, empty
   */
  static Services start(Path folder, String... buckets) {
    return System.getProperty("tidemark.services", "").equals("localstack")
        ? LocalStackServices.start(buckets)
        : new EmulatedServices(folder, buckets);
  }

  /** What tells functions where they are, and who a function is. */
  Map<String, String> environment();

  /** A client as functions have it. */
  SqsClient sqs();

  /** A new table; its name. */
  String table();

  /** A new queue with attributes of SQS; its URL. */
  String queue(Map<QueueAttributeName, String> attributes);

  /**
   * Whether the end of a run was told.
   *
   * @param log of the control function
   */
  boolean told(RunView run, Path log) throws IOException;

  @Override
  void close();
}
