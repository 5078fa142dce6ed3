package dev.tidemark.aws;

import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.failure.PermanentFailure.Kind;
import dev.tidemark.core.failure.TransientFailure;
import dev.tidemark.core.notice.NoticeBus;
import dev.tidemark.events.Notice;
import dev.tidemark.events.NoticeCodec;
import dev.tidemark.store.s3.AwsFailures;
import java.util.Set;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.eventbridge.EventBridgeClient;
import software.amazon.awssdk.services.eventbridge.model.PutEventsRequestEntry;
import software.amazon.awssdk.services.eventbridge.model.PutEventsResponse;
import software.amazon.awssdk.services.eventbridge.model.PutEventsResultEntry;

/**
 * Notices on a bus of EventBridge: source {@code tidemark}, the notice's type as detail type, and
 * the whole CloudEvent as detail. EventBridge gives each event an id of its own; a duplicate is
 * known by {@code detail.id}.
 */
public final class EventBridgeNoticeBus implements NoticeBus {
  static final String SOURCE = "tidemark";

  /**
   * What EventBridge says of an entry that it may take the next time.
   *
   * @see <a
   *     href="https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEventsResultEntry.html">PutEventsResultEntry</a>
   */
  private static final Set<String> PASSING =
      Set.of("ThrottlingException", "InternalFailure", "InternalException");

  private final EventBridgeClient client;
  private final String bus;
  private final AwsFailures failures = new AwsFailures("EventBridge");

  /**
   * @param bus its name or ARN; {@code default} is every account's
   */
  public EventBridgeNoticeBus(EventBridgeClient client, String bus) {
    this.client = client;
    this.bus = bus;
  }

  @Override
  public void publish(Notice notice) {
    PutEventsRequestEntry entry =
        PutEventsRequestEntry.builder()
            .eventBusName(bus)
            .source(SOURCE)
            .detailType(NoticeCodec.type(notice))
            .time(notice.ended())
            .detail(NoticeCodec.encode(notice))
            .build();
    PutEventsResponse answer;
    try {
      answer = client.putEvents(put -> put.entries(entry));
    } catch (SdkException e) {
      String arn = bus.startsWith("arn:") ? bus : "arn:aws:events:*:*:event-bus/" + bus;
      throw failures.of(new AwsFailures.Call("publish to bus " + bus, "events:PutEvents", arn), e);
    }
    answer.entries().stream()
        .filter(each -> each.errorCode() != null)
        .findFirst()
        .ifPresent(this::refused);
  }

  private void refused(PutEventsResultEntry entry) {
    String said = entry.errorCode() + ", '" + entry.errorMessage() + "'";
    if (PASSING.contains(entry.errorCode())) {
      throw new TransientFailure("cannot publish to bus " + bus + ": EventBridge answers " + said);
    }
    throw PermanentFailure.of(Kind.FAILED, "cannot publish to bus " + bus)
        .expected("the event to be taken")
        .found(said)
        .hint("correct $TIDEMARK_EVENT_BUS");
  }
}
