package dev.tidemark.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.contract.NoticeBusContract;
import dev.tidemark.contract.NoticeBusEnvironment;
import dev.tidemark.core.failure.TransientFailure;
import dev.tidemark.core.notice.NoticeBus;
import dev.tidemark.events.Notice;
import dev.tidemark.events.NoticeCodec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NoticeFileTest implements NoticeBusContract, NoticeBusEnvironment {
  private static final Notice NOTICE =
      new Notice(
          "files.w.0",
          Notice.Kind.RESTORE,
          Notice.Outcome.SUCCEEDED,
          "d1",
          "files.w",
          "files",
          "main",
          "b1",
          Instant.EPOCH,
          Instant.EPOCH,
          "");

  private final Path folder;

  NoticeFileTest(@TempDir Path folder) {
    this.folder = folder;
  }

  @Override
  public NoticeBusEnvironment environment() {
    return this;
  }

  @Override
  public NoticeBus open() {
    return new NoticeFile(file());
  }

  @Override
  public List<String> arrived(int atLeast) {
    try {
      return Files.readAllLines(file());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path file() {
    return folder.resolve("state").resolve("notices.jsonl");
  }

  @Test
  void aLineThatACrashCutShortDoesNotSpoilTheNext() throws IOException {
    open().publish(NOTICE);
    String whole = Files.readString(file());
    Files.writeString(file(), whole + whole.substring(0, 20));
    open().publish(NOTICE);
    List<String> lines = arrived(2);
    assertThat(lines).hasSize(3);
    assertThat(NoticeCodec.decode(lines.get(0))).isEqualTo(NOTICE);
    assertThat(NoticeCodec.decode(lines.get(2))).isEqualTo(NOTICE);
  }

  @Test
  void aFileThatCannotBeWrittenIsToBeTriedAgain() throws IOException {
    Files.createDirectories(file());
    assertThatThrownBy(() -> open().publish(NOTICE))
        .isInstanceOf(TransientFailure.class)
        .hasMessageContaining("notices.jsonl");
  }
}
