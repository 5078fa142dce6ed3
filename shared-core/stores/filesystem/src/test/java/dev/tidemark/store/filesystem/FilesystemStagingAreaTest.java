package dev.tidemark.store.filesystem;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tidemark.contract.staging.StagingAreaContract;
import dev.tidemark.contract.staging.StagingAreaEnvironment;
import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.staging.StagedObject;
import dev.tidemark.core.staging.StagingArea;
import dev.tidemark.core.staging.Upload;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FilesystemStagingAreaTest implements StagingAreaContract {
  private final Path folder;

  FilesystemStagingAreaTest(@TempDir Path folder) {
    this.folder = folder;
  }

  @Override
  public StagingAreaEnvironment environment() {
    return new StagingAreaEnvironment() {
      @Override
      public StagingArea open() {
        return area(folder, InstantSource.system());
      }

      @Override
      public StagingArea missing() {
        return area(folder.resolve("not/mounted"), InstantSource.system());
      }
    };
  }

  private static StagingArea area(Path root, InstantSource clock) {
    return new FilesystemStagingArea(root, clock, new RandomIds());
  }

  private static void put(StagingArea area, String key, int size) {
    area.put(key, List.of(ByteBuffer.allocate(size)));
  }

  @Test
  void whatAServerWritesInTheFolderIsAnObjectAndStaysWhereItIsNone() throws IOException {
    Path chunk = folder.resolve("backup-1/node-1/Article/chunk-1");
    Files.createDirectories(chunk.getParent());
    Files.write(chunk, new byte[1_000]);
    Path strange = Files.writeString(folder.resolve("backup-1/no key at all"), "x");
    StagingArea area = area(folder, InstantSource.system());

    assertThat(area.list("", null, 10))
        .extracting(StagedObject::key)
        .containsExactly("backup-1/node-1/Article/chunk-1");
    area.delete(List.of("backup-1/node-1/Article/chunk-1"));

    assertThat(folder.resolve("backup-1/node-1")).doesNotExist();
    assertThat(strange).exists();
  }

  @Test
  void nothingIsLeftOfWhatIsDoneOrGivenUp() throws IOException {
    StagingArea area = area(folder, InstantSource.system());
    put(area, "a/b", 10);
    Upload upload = area.begin("c");
    area.complete(upload, List.of(area.part(upload, 1, List.of(ByteBuffer.allocate(10)))));
    area.abort(area.begin("d"));
    area.delete(List.of("a/b", "c"));

    try (Stream<Path> left = Files.walk(folder)) {
      assertThat(left.filter(each -> !each.equals(folder)))
          .containsExactly(folder.resolve(".tidemark"));
    }
    // A folder that has lost all it had is one of scratch still.
    assertThat(area.list("", null, 10)).isEmpty();
  }

  @Test
  void whatDeadProcessesLeftInTheMakingGoesAfterTwoDays() throws IOException {
    StagingArea area = area(folder, InstantSource.system());
    Upload old = area.begin("old");
    Upload young = area.begin("young");
    Path draft = Files.writeString(folder.resolve(".tidemark/d-half"), "half");
    Instant before = Instant.now().minus(StagingArea.KEPT).minus(Duration.ofMinutes(1));
    Files.setLastModifiedTime(draft, FileTime.from(before));
    Files.setLastModifiedTime(folder.resolve(".tidemark/" + old.id()), FileTime.from(before));

    put(area(folder, InstantSource.system()), "k", 1);

    assertThat(draft).doesNotExist();
    assertThatExceptionOfType(StagingArea.UploadGone.class).isThrownBy(() -> area.parts(old));
    assertThat(area.parts(young)).isEmpty();
    assertThat(area.expiry("").uploads()).isEqualTo(StagingArea.KEPT);
    assertThat(area.expiry("").objects()).isNull();
  }

  @Test
  void aFolderIsNotReplacedByAnObject() {
    StagingArea area = area(folder, InstantSource.system());
    put(area, "a/b", 10);
    assertThatExceptionOfType(PermanentFailure.class)
        .isThrownBy(() -> put(area, "a", 10))
        .withMessageContaining("folder");
    assertThat(area.head("a/b")).isPresent();
  }
}
