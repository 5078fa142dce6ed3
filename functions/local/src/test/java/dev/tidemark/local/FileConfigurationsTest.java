package dev.tidemark.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.core.config.Configuration;
import dev.tidemark.core.config.ConfigurationReader;
import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.failure.TransientFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileConfigurationsTest {
  private static final Configuration ONE =
      new ConfigurationReader(Map.of(), Map.of(), Set.of())
          .read("one.yaml", "settings: { width: 3 }", Path.of("/"))
          .orThrow();

  @Test
  void whatIsKeptIsReadByItsDigestByAnyProcess(@TempDir Path folder) throws IOException {
    Path place = folder.resolve("configurations");
    new FileConfigurations(place).put(ONE);
    new FileConfigurations(place).put(ONE);
    new FileConfigurations(place).put(Configuration.empty());

    assertThat(new FileConfigurations(place).read(ONE.digest())).isEqualTo(ONE);
    try (var files = Files.list(place)) {
      assertThat(files).hasSize(2);
    }
  }

  @Test
  void whatWasNeverKeptIsNotFound(@TempDir Path folder) {
    var configurations = new FileConfigurations(folder);

    assertThatThrownBy(() -> configurations.read(ONE.digest()))
        .isInstanceOf(PermanentFailure.class)
        .hasMessageContaining("found none");
    assertThatThrownBy(() -> configurations.read("../x"))
        .isInstanceOf(PermanentFailure.class)
        .hasMessageContaining("expected 64 hex digits");
  }

  @Test
  void aFileThatSomebodyChangedIsDamaged(@TempDir Path folder) throws IOException {
    var configurations = new FileConfigurations(folder);
    configurations.put(ONE);
    Path file = folder.resolve(ONE.digest() + ".json");
    String json = Files.readString(file);

    for (String other : new String[] {json.replace("3", "4"), "{", "", "{}", "\u0000"}) {
      Files.writeString(file, other);
      assertThatThrownBy(() -> configurations.read(ONE.digest()))
          .as(other)
          .isInstanceOfSatisfying(
              PermanentFailure.class,
              failure -> assertThat(failure.kind()).isEqualTo(PermanentFailure.Kind.DAMAGED));
    }
    Files.write(file, new byte[] {(byte) 0xff});
    assertThatThrownBy(() -> configurations.read(ONE.digest()))
        .isInstanceOf(PermanentFailure.class);
  }

  @Test
  void aPlaceThatCannotBeWrittenMayWorkLater(@TempDir Path folder) throws IOException {
    Path file = Files.createFile(folder.resolve("file"));

    assertThatThrownBy(() -> new FileConfigurations(file).put(ONE))
        .isInstanceOf(TransientFailure.class);
  }
}
