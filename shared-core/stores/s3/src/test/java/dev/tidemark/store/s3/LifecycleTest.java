package dev.tidemark.store.s3;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.contract.fault.CannedServer;
import dev.tidemark.core.staging.Expiry;
import dev.tidemark.core.staging.StagingArea;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What S3 answers, word for word, to who asks for a bucket's rules, allowed to or not. */
class LifecycleTest {
  private final CannedServer server;

  LifecycleTest() throws IOException {
    server = new CannedServer();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private Expiry expiry(int answered, String with) {
    server.answer(answered, with);
    StagingArea area =
        S3StagingArea.open(
            Clients.config(server.address().toString(), "b", "scratch", null),
            Clients.with("key", "secret"),
            Clients.NO_SECRETS,
            InstantSource.system());
    return area.expiry("tidemark-");
  }

  private static String error(String code) {
    return "<Error><Code>%s</Code><Message>no</Message></Error>".formatted(code);
  }

  private static String rules(String... rules) {
    return "<LifecycleConfiguration>%s</LifecycleConfiguration>".formatted(String.join("", rules));
  }

  private static String rule(String status, String filter, String what) {
    return "<Rule><Filter>%s</Filter><Status>%s</Status>%s</Rule>".formatted(filter, status, what);
  }

  private static String expires(int days) {
    return "<Expiration><Days>%d</Days></Expiration>".formatted(days);
  }

  private static String aborts(int days) {
    return ("<AbortIncompleteMultipartUpload><DaysAfterInitiation>%d</DaysAfterInitiation>"
            + "</AbortIncompleteMultipartUpload>")
        .formatted(days);
  }

  @Test
  void whoMayNotReadTheRulesDoesNotKnowThem() {
    Expiry expiry = expiry(403, error("AccessDenied"));
    assertThat(expiry.unknown()).contains("AccessDenied");
    assertThat(expiry.objects()).isNull();
    assertThat(expiry(501, error("NotImplemented")).unknown()).contains("NotImplemented");
  }

  @Test
  void aBucketWithoutRulesRemovesNothing() {
    assertThat(expiry(404, error("NoSuchLifecycleConfiguration"))).isEqualTo(Expiry.NEVER);
  }

  @Test
  void theSoonestRuleForAllObjectsOfThePlaceCounts() {
    String place = "<Prefix>scratch/</Prefix>";
    assertThat(
            expiry(
                200,
                rules(
                    rule("Enabled", place, expires(5) + aborts(3)),
                    rule("Enabled", "<Prefix></Prefix>", expires(4)),
                    rule("Disabled", place, expires(1) + aborts(1)),
                    rule("Enabled", "<Prefix>other/</Prefix>", expires(1)),
                    rule("Enabled", "<Tag><Key>k</Key><Value>v</Value></Tag>", expires(1)))))
        .isEqualTo(new Expiry(Duration.ofDays(4), Duration.ofDays(3), ""));
  }
}
