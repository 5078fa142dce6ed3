package dev.tidemark.local.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The process as a machine starts it. */
class MainTest {
  @Test
  void aMachineThatWritesDigitsOtherwiseIsToldOfThePlaceInTheSameOnes(@TempDir Path folder)
      throws IOException, InterruptedException {
    Files.writeString(folder.resolve("tidemark.yaml"), "vaults: {}\nclusters: 5\n");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-Duser.language=ar",
                "-Duser.country=EG",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "config",
                "check")
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .start();
    try {
      var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(said).contains("tidemark.yaml:2:11");
      assertThat(process.waitFor()).as(said).isEqualTo(2);
    } finally {
      process.destroyForcibly();
    }
  }
}
