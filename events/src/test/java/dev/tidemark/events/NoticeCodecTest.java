package dev.tidemark.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class NoticeCodecTest {
  private static final String TEXT =
      "{\"specversion\":\"1.0\",\"id\":\"vectors.k3v9x0q2m7ab.1\",\"source\":\"/tidemark/prod\","
          + "\"type\":\"dev.tidemark.restore.failed\",\"subject\":\"vectors/nightly-1\","
          + "\"time\":\"2026-11-21T03:04:05.678Z\",\"datacontenttype\":\"application/json\","
          + "\"data\":{\"run\":\"vectors.k3v9x0q2m7ab\",\"cluster\":\"vectors\",\"vault\":\"main\","
          + "\"backup\":\"nightly-1\",\"started\":\"2026-11-21T03:00:00Z\","
          + "\"ended\":\"2026-11-21T03:04:05.678Z\",\"error\":\"node 'a' is away\"}}";

  @Test
  void aNoticeIsThisCloudEvent() {
    assertThat(NoticeCodec.encode(notice("node 'a' is away"))).isEqualTo(TEXT);
    assertThat(NoticeCodec.decode(TEXT)).isEqualTo(notice("node 'a' is away"));
  }

  @Test
  void aFieldOfANewerReleaseIsIgnored() {
    assertThat(NoticeCodec.decode(TEXT.replace("\"data\":{", "\"new\":1,\"data\":{\"more\":[],")))
        .isEqualTo(notice("node 'a' is away"));
  }

  @Test
  void whatIsNoNoticeIsRefused() {
    for (String text :
        List.of(
            "",
            "{}",
            "no JSON",
            TEXT.replace("dev.tidemark.restore.failed", "dev.tidemark.restore"),
            TEXT.replace("dev.tidemark.restore.failed", "dev.tidemark.nothing.failed"),
            TEXT.replace("dev.tidemark.", "org.other."),
            TEXT.replace("2026-11-21T03:00:00Z", "yesterday"),
            TEXT.replace("\"run\":\"vectors.k3v9x0q2m7ab\"", "\"run\":7"))) {
      assertThatIllegalArgumentException()
          .as(text)
          .isThrownBy(() -> NoticeCodec.decode(text))
          .withMessageContaining("not a notice of Tidemark");
    }
  }

  @Test
  void anErrorTooLongForARowIsCutAndSaysSo() {
    Notice notice = notice("x".repeat(100_000));
    assertThat(notice.error()).hasSize(Notice.MAX_ERROR_CHARS).endsWith("x…");
  }

  private static Notice notice(String error) {
    return new Notice(
        "vectors.k3v9x0q2m7ab.1",
        Notice.Kind.RESTORE,
        Notice.Outcome.FAILED,
        "prod",
        "vectors.k3v9x0q2m7ab",
        "vectors",
        "main",
        "nightly-1",
        Instant.parse("2026-11-21T03:00:00Z"),
        Instant.parse("2026-11-21T03:04:05.678Z"),
        error);
  }
}
