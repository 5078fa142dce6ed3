package dev.tidemark.journey.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.contract.node.NodeCluster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same small memory suffices whatever is backed up. */
class MemoryTest {
  private static final long MOST_MEBIBYTES = 400;

  private final Path folder;

  MemoryTest(@TempDir Path folder) {
    this.folder = folder;
  }

  @Test
  void aLargeFileAndManySmallOnesFitIntoLittleMemory() throws IOException {
    measure(300L << 20, 5_000);
  }

  @Test
  @Tag("slow")
  void twoGibibytesAndTwoHundredThousandFilesFitIntoLittleMemory() throws IOException {
    measure(2L << 30, 200_000);
  }

  @Test
  @Tag("slow")
  void twentyGibibytesFitIntoLittleMemory() throws IOException {
    long free = Files.getFileStore(folder).getUsableSpace();
    assertThat(free)
        .as("free bytes for 20 GiB of data and their backup in " + folder)
        .isGreaterThan(42L << 30);
    measure(20L << 30, 10);
  }

  private void measure(long bytes, int files) throws IOException {
    Workbench bench = Workbench.with(folder).launching(Launch.SMALL);
    SampleTree.in(bench.data(), 3).file("large", bytes).plain(files, 2_000);
    long backup = peak(bench, bytes, "backup", "create", "files", "--id", "b");
    TreeImage before = TreeImage.of(bench.data());
    // Room for what is restored.
    NodeCluster.delete(bench.data());
    long restore = peak(bench, bytes, "restore", "create", "b", "--to", "r");
    System.out.printf(
        "peak resident memory for %d MiB and %d files: backup %d MiB, restore %d MiB%n",
        bytes >> 20, files, backup, restore);
    TreeImage.of(bench.restored("r/data")).mustEqual(before);
    assertThat(Math.max(backup, restore)).as("MiB").isBetween(1L, MOST_MEBIBYTES);
  }

  private static long peak(Workbench bench, long bytes, String... command) {
    try (Running running = bench.start(command)) {
      running.answer(Duration.ofMinutes(5).plusSeconds(bytes >> 24)).done();
      return running.peakMebibytes();
    }
  }
}
