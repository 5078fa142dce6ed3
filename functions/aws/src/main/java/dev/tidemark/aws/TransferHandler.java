package dev.tidemark.aws;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.SQSBatchResponse;
import com.amazonaws.services.lambda.runtime.events.SQSEvent;

/**
 * Works the transfers of the transfer queue. Its mapping has a batch size of one: a transfer fills
 * an invocation.
 */
public final class TransferHandler implements RequestHandler<SQSEvent, SQSBatchResponse> {
  private final AwsPlatform platform = AwsPlatform.shared();
  private final Messages messages = new Messages(platform);

  @Override
  public SQSBatchResponse handleRequest(SQSEvent event, Context context) {
    return messages.handle(event, platform.begin(context));
  }
}
