package dev.tidemark.aws;

import com.amazonaws.services.lambda.runtime.events.SQSBatchResponse;
import com.amazonaws.services.lambda.runtime.events.SQSBatchResponse.BatchItemFailure;
import com.amazonaws.services.lambda.runtime.events.SQSEvent;
import com.amazonaws.services.lambda.runtime.events.SQSEvent.SQSMessage;
import dev.tidemark.core.flow.Dispatcher;
import dev.tidemark.core.queue.WorkQueue;
import dev.tidemark.core.time.Slice;
import dev.tidemark.events.NewerItem;
import dev.tidemark.events.WorkItem;
import dev.tidemark.events.WorkItemCodec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The messages of one invocation, each for itself: one that cannot be handled is reported to the
 * mapping, which delivers it again, and does not keep the others.
 */
final class Messages {
  private final Dispatcher dispatcher;
  private final WorkQueue queue;
  private final JsonLines log;
  private final Emf metrics;

  Messages(AwsPlatform platform) {
    this.dispatcher = platform.dispatcher();
    this.queue = platform.queue();
    this.log = platform.log();
    this.metrics = platform.metrics();
  }

  /** What is done with an item. */
  private interface Work {
    void with(WorkItem item);
  }

  private enum Fate {
    DONE,
    /** To be delivered again. */
    FAILED,
    /** Only a newer release can read it. */
    NEWER,
    /** Nobody can read it. */
    REFUSED
  }

  /**
   * Dispatches items while there is time. Those for which there is none are sent anew: returned to
   * the queue they would wait for the visibility timeout, which is longer than any invocation.
   */
  SQSBatchResponse handle(SQSEvent event, Slice slice) {
    return each(
        event,
        Set.of(Fate.DONE),
        item -> {
          if (slice.over()) {
            queue.send(item, Duration.ZERO);
          } else {
            dispatcher.dispatch(item, slice);
          }
        });
  }

  /**
   * Counts each dead letter as a failed attempt of its item. What is no item is reported and gone;
   * one of a newer release stays where it is, for that release.
   */
  SQSBatchResponse bury(SQSEvent event) {
    metrics.deadLetters(event.getRecords().size());
    return each(event, Set.of(Fate.DONE, Fate.REFUSED), dispatcher::dead);
  }

  private SQSBatchResponse each(SQSEvent event, Set<Fate> gone, Work work) {
    List<BatchItemFailure> failures = new ArrayList<>();
    for (SQSMessage message : event.getRecords()) {
      if (!gone.contains(handled(message, work))) {
        failures.add(new BatchItemFailure(message.getMessageId()));
      }
    }
    return new SQSBatchResponse(failures);
  }

  private Fate handled(SQSMessage message, Work work) {
    WorkItem item;
    try {
      item = WorkItemCodec.decode(message.getBody());
    } catch (NewerItem e) {
      log.warning("message.newer", Map.of("message", message.getMessageId(), "error", e));
      return Fate.NEWER;
    } catch (IllegalArgumentException e) {
      log.error("message.refused", Map.of("message", message.getMessageId()), e);
      return Fate.REFUSED;
    }
    try {
      work.with(item);
      return Fate.DONE;
    } catch (RuntimeException e) {
      log.error("item.failed", item, e);
      return Fate.FAILED;
    }
  }
}
