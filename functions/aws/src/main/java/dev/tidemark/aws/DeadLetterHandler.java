package dev.tidemark.aws;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.SQSBatchResponse;
import com.amazonaws.services.lambda.runtime.events.SQSEvent;

/**
 * Takes what came back too often: its invocations all died, or it never was an item. See {@link
 * Messages#bury}.
 */
public final class DeadLetterHandler implements RequestHandler<SQSEvent, SQSBatchResponse> {
  private final AwsPlatform platform = AwsPlatform.shared();
  private final Messages messages = new Messages(platform);

  @Override
  public SQSBatchResponse handleRequest(SQSEvent event, Context context) {
    platform.begin(context);
    return messages.bury(event);
  }
}
