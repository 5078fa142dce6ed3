package dev.tidemark.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.core.notice.NoticeBus;
import dev.tidemark.events.Notice;
import dev.tidemark.events.NoticeCodec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What every {@link NoticeBus} does. */
public interface NoticeBusContract {

  /** The same environment throughout a test. */
  NoticeBusEnvironment environment();

  @Test
  default void aNoticeArrivesAsItWasPublished() {
    List<Notice> notices = new ArrayList<>();
    for (Notice.Kind kind : Notice.Kind.values()) {
      for (Notice.Outcome outcome : Notice.Outcome.values()) {
        notices.add(notice(kind + "." + outcome, kind, outcome, ""));
      }
    }
    NoticeBus bus = environment().open();
    notices.forEach(bus::publish);
    assertThat(arrived(notices.size())).containsExactlyInAnyOrderElementsOf(notices);
  }

  @Test
  default void whatIsPublishedAgainHasTheSameId() {
    Notice notice = failed("vectors.w.0", "a node is away");
    environment().open().publish(notice);
    environment().open().publish(notice);
    assertThat(arrived(1)).containsOnly(notice);
  }

  @Test
  default void anyTextArrivesWhole() {
    NoticeBus bus = environment().open();
    List<Notice> notices =
        List.of(
            failed("a", "quote \" backslash \\ line\nbreak\r\n tab\t ü ☃ 𝄞 \u0000 end"),
            failed("b", "é".repeat(Notice.MAX_ERROR_CHARS)),
            failed("c", "longer".repeat(Notice.MAX_ERROR_CHARS)));
    notices.forEach(bus::publish);
    assertThat(arrived(3)).containsExactlyInAnyOrderElementsOf(notices);
  }

  @Test
  default void noticesOfSeveralPublishersDoNotMix() throws Exception {
    int publishers = 4;
    int each = 15;
    Race.of(
        publishers,
        publisher -> {
          NoticeBus bus = environment().open();
          return () -> {
            numbers(publisher * each, each).forEach(bus::publish);
            return true;
          };
        });
    assertThat(arrived(publishers * each))
        .containsExactlyInAnyOrderElementsOf(numbers(0, publishers * each));
  }

  private List<Notice> arrived(int atLeast) {
    return environment().arrived(atLeast).stream().map(NoticeCodec::decode).toList();
  }

  private static List<Notice> numbers(int first, int count) {
    return IntStream.range(first, first + count)
        .mapToObj(number -> failed("vectors.w." + number, "x".repeat(1_000)))
        .toList();
  }

  private static Notice failed(String id, String error) {
    return notice(id, Notice.Kind.BACKUP, Notice.Outcome.FAILED, error);
  }

  private static Notice notice(String id, Notice.Kind kind, Notice.Outcome outcome, String error) {
    return new Notice(
        id,
        kind,
        outcome,
        "d1",
        "vectors.w",
        "vectors",
        "main",
        "nightly-1",
        Instant.parse("2026-11-21T03:00:00Z"),
        Instant.parse("2026-11-21T03:04:05.678Z"),
        error);
  }
}
