package dev.tidemark.store.filesystem;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.core.blob.BlobInfo;
import dev.tidemark.core.blob.BlobStore;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What holds when the processes are real ones: they race, are killed, and run into limits. */
class SeveralProcessesTest {
  private final Path folder;

  SeveralProcessesTest(@TempDir Path folder) {
    this.folder = folder;
  }

  @Test
  void ofRacingProcessesOneCreatesEachKey() throws Exception {
    List<Process> processes = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      processes.add(StoringProcess.start("", folder, i * 1_000L, 60, "race/key", 20_000));
    }
    List<BufferedReader> outputs = processes.stream().map(Process::inputReader).toList();
    for (BufferedReader output : outputs) {
      assertThat(output.readLine()).isEqualTo("ready");
    }
    for (Process process : processes) {
      go(process);
    }

    List<List<String>> answers = new ArrayList<>();
    for (BufferedReader output : outputs) {
      answers.add(output.lines().toList());
    }

    BlobStore store = FilesystemBlobStoreTest.store(folder, InstantSource.system());
    for (int i = 0; i < 60; i++) {
      String key = "race/key" + i;
      List<Long> winners = new ArrayList<>();
      for (int process = 0; process < 3; process++) {
        assertThat(answers.get(process)).hasSize(60);
        if (answers.get(process).get(i).equals("created " + key)) {
          winners.add(process * 1_000L + i);
        }
      }
      assertThat(winners).as(key).hasSize(1);
      assertThat(store.read(key, 0, 30_000).orElseThrow())
          .as(key)
          .isEqualTo(joined(StoringProcess.content(winners.get(0), 20_000)));
    }
    assertThat(folder.resolve(".tmp")).isEmptyDirectory();
  }

  @Test
  void aKilledProcessLeavesWholeObjectsAndWhatItReported() throws Exception {
    int size = 500_000;
    for (int round = 0; round < 3; round++) {
      String prefix = "killed/" + round + "/";
      // As many as one list shows, whatever this process is kept from meanwhile.
      Process process = StoringProcess.start("", folder, 0, 1_000, prefix, size);
      List<String> created = new ArrayList<>();
      try (BufferedReader output = process.inputReader()) {
        assertThat(output.readLine()).isEqualTo("ready");
        go(process);
        for (int i = 0; i < 5 + 7 * round; i++) {
          created.add(output.readLine());
        }
        process.destroyForcibly().waitFor();
      }

      BlobStore store = FilesystemBlobStoreTest.store(folder, InstantSource.system());
      List<BlobInfo> objects = store.list(prefix, null, 1_000);
      assertThat(objects).extracting(info -> "created " + info.key()).containsAll(created);
      for (BlobInfo info : objects) {
        int number = Integer.parseInt(info.key().substring(prefix.length()));
        assertThat(store.read(info.key(), 0, size + 1).orElseThrow())
            .as(info.key())
            .isEqualTo(joined(StoringProcess.content(number, size)));
      }
    }
    InstantSource tomorrow = () -> InstantSource.system().instant().plus(Duration.ofHours(25));
    FilesystemBlobStoreTest.put(FilesystemBlobStoreTest.store(folder, tomorrow), "next", 1);
    assertThat(folder.resolve(".tmp")).isEmptyDirectory();
  }

  @Test
  void aWriteThatHitsALimitOfTheSystemFailsClearlyAndLeavesNothing() throws Exception {
    // 200 blocks of 512 or 1024 bytes, as the shell has it.
    Process process = StoringProcess.start("ulimit -f 200", folder, 0, 2, "large/", 1_000_000);
    try (BufferedReader output = process.inputReader()) {
      assertThat(output.readLine()).isEqualTo("ready");
      go(process);
      assertThat(output.lines())
          .hasSize(2)
          .allSatisfy(
              line ->
                  assertThat(line)
                      .startsWith("failed cannot store object large/")
                      .contains(folder.toString())
                      .contains("File too large")
                      .contains("Hint: raise the limit"));
    }
    assertThat(process.waitFor()).isZero();

    assertThat(files()).isEmpty();

    Process small = StoringProcess.start("ulimit -f 200", folder, 0, 2, "small/", 1_000);
    try (BufferedReader output = small.inputReader()) {
      go(small);
      assertThat(output.lines()).containsExactly("ready", "created small/0", "created small/1");
    }
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> paths = Files.walk(folder)) {
      return paths.filter(Files::isRegularFile).toList();
    }
  }

  private static void go(Process process) throws IOException {
    Writer input = process.outputWriter(StandardCharsets.UTF_8);
    input.write("go\n");
    input.flush();
  }

  private static ByteBuffer joined(List<ByteBuffer> buffers) {
    ByteBuffer joined = ByteBuffer.allocate(buffers.stream().mapToInt(ByteBuffer::remaining).sum());
    buffers.forEach(joined::put);
    return joined.flip();
  }
}
