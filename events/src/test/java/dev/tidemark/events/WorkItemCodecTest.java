package dev.tidemark.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.events.WorkItem.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class WorkItemCodecTest {
  private static final Path GOLDEN = Path.of("src/test/resources/golden/v1");
  private static final String WATCH = "{\"v\":1,\"kind\":\"run.watch\",\"run\":\"a.b\"%s}";

  @Test
  void everyKindHasAGoldenFileThatIsReadAndWrittenAsItStands() throws IOException {
    for (Kind kind : Kind.values()) {
      String text = Files.readString(GOLDEN.resolve(kind.word() + ".json")).strip();
      WorkItem item = WorkItemCodec.decode(text);
      assertThat(item).isEqualTo(example(kind));
      assertThat(WorkItemCodec.encode(item)).isEqualTo(text);
    }
  }

  @Test
  void everyGoldenFileIsOfAKind() throws IOException {
    List<String> words = Arrays.stream(Kind.values()).map(kind -> kind.word() + ".json").toList();
    try (var files = Files.list(GOLDEN)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrderElementsOf(words);
    }
  }

  @Test
  void fieldsOfALaterMinorFormatAreIgnored() {
    assertThat(WorkItemCodec.decode(WATCH.formatted(",\"epoch\":0,\"attempt\":0,\"mood\":[1]")))
        .isEqualTo(WorkItem.ofRun(Kind.RUN_WATCH, "a.b"));
  }

  @Test
  void aNewerItemIsToldFromAMalformedOneWhateverItHolds() {
    assertThatThrownBy(() -> WorkItemCodec.decode("{\"v\":2,\"kind\":\"moon.walk\",\"run\":7}"))
        .isInstanceOf(NewerItem.class)
        .hasMessageContaining("version 2");
  }

  @Test
  void whatIsNoItemIsRefusedNamingWhatWasExpected() {
    assertRefused("", "number");
    assertRefused("{", "JSON");
    assertRefused("[]", "number");
    assertRefused("{\"v\":0}", "version");
    assertRefused("{\"v\":1.5}", "number");
    assertRefused("{\"v\":1,\"kind\":\"moon.walk\",\"run\":\"a.b\"}", "known kind");
    assertRefused("{\"v\":1,\"kind\":\"run.watch\"}", "'run'");
    assertRefused("{\"v\":1,\"kind\":\"run.watch\",\"run\":7}", "'run'");
    assertRefused(WATCH.formatted(""), "'epoch'");
    assertRefused(WATCH.formatted(",\"epoch\":-1,\"attempt\":0"), "'epoch'");
    assertRefused(WATCH.formatted(",\"epoch\":0,\"attempt\":3000000000"), "'attempt'");
    assertRefused(WATCH.formatted(",\"epoch\":0,\"attempt\":0") + "{}", "JSON");
  }

  @Test
  void anItemBeyondTheLimitIsRefusedBeforeItIsSent() {
    String run = "a".repeat(WorkItemCodec.MAX_BYTES);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> WorkItemCodec.encode(WorkItem.ofRun(Kind.RUN_WATCH, run)))
        .withMessageContaining("32768");
  }

  private static void assertRefused(String text, String expected) {
    assertThatIllegalArgumentException()
        .as(text)
        .isThrownBy(() -> WorkItemCodec.decode(text))
        .withMessageContaining(expected);
  }

  private static WorkItem example(Kind kind) {
    String run = "nightly-demo.k3v9x0q2m7ab";
    String lane = "lane-000";
    String unit = "0123456789abcdef0123";
    WorkItem item =
        switch (kind) {
          case LANE_FILL -> WorkItem.ofLane(kind, run, lane);
          case UNIT_SNAPSHOT, UNIT_TRANSFER, UNIT_RESTORE ->
              WorkItem.ofUnit(kind, run, lane, unit, 7);
          case BACKUP_PLAN,
              BACKUP_SEAL,
              RESTORE_PLAN,
              RESTORE_FINISH,
              BACKUP_VERIFY,
              RUN_CANCEL,
              RUN_WATCH,
              RUN_CLOSE,
              RUN_ANNOUNCE ->
              WorkItem.ofRun(kind, run);
        };
    return item.again().again();
  }
}
