package dev.tidemark.aws;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.SQSBatchResponse;
import com.amazonaws.services.lambda.runtime.events.SQSEvent;

/** Works the short steps of the control queue. */
public final class ControlHandler implements RequestHandler<SQSEvent, SQSBatchResponse> {
  private final AwsPlatform platform = AwsPlatform.shared();
  private final Messages messages = new Messages(platform);

  @Override
  public SQSBatchResponse handleRequest(SQSEvent event, Context context) {
    return messages.handle(event, platform.begin(context));
  }
}
