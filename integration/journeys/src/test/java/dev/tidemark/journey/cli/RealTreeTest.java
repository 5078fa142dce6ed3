package dev.tidemark.journey.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A tree that nobody made for a test: the JDK. */
@Tag("slow")
class RealTreeTest {
  private final Path folder;

  RealTreeTest(@TempDir Path folder) {
    this.folder = folder;
  }

  @Test
  void aJdkComesBackAndIsNotStoredTwice() throws IOException {
    Workbench bench = Workbench.with(folder).launching(Launch.THROUGHPUT);
    Path jdk = Path.of(System.getProperty("java.home")).toRealPath();
    Path file = folder.resolve("tidemark.yaml");
    Files.writeString(file, Files.readString(file).replace("path: data", "path: " + jdk));
    TreeImage before = TreeImage.of(jdk);

    JsonNode first = bench.run("backup", "create", "files", "--json").done().json();
    JsonNode second = bench.run("backup", "create", "files", "--id", "two", "--json").done().json();
    System.out.printf(
        "%d files of %d MiB: stored %d MiB, then %d bytes%n",
        before.files(),
        first.get("bytes").asLong() >> 20,
        first.get("stored").asLong() >> 20,
        second.get("stored").asLong());
    assertThat(second.get("stored").asLong()).isZero();
    bench.run("restore", "create", "two", "--to", "r").done();
    TreeImage.of(bench.restored("r/data")).mustEqual(before);
  }
}
