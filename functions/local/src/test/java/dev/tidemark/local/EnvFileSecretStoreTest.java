package dev.tidemark.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tidemark.contract.SecretStoreContract;
import dev.tidemark.contract.SecretStoreEnvironment;
import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.failure.PermanentFailure.Kind;
import dev.tidemark.core.secret.SecretStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EnvFileSecretStoreTest implements SecretStoreContract {
  private final Path folder;
  private final EnvFileSecretStore secrets;

  EnvFileSecretStoreTest(@TempDir Path folder) {
    this.folder = folder;
    this.secrets = new EnvFileSecretStore(Map.of("KEY", "s3cret", "EMPTY", ""), folder);
  }

  @Override
  public SecretStoreEnvironment environment() {
    return new SecretStoreEnvironment() {
      @Override
      public SecretStore open() {
        return secrets;
      }

      @Override
      public String keep(String value) {
        try {
          Path file = Files.createTempFile(folder, "secret", "");
          Files.writeString(file, value + "\n");
          return "file:" + file;
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }

      @Override
      public String missing() {
        return "file:none";
      }
    };
  }

  @Test
  void aSecretComesFromTheEnvironment() {
    assertThat(secrets.resolve("env:KEY")).isEqualTo("s3cret");
  }

  @Test
  void aSecretComesFromAFileWithoutOneTrailingLineFeed() throws IOException {
    Path file = Files.writeString(folder.resolve("key"), "pass phrase ü \n\n");
    assertThat(secrets.resolve("file:" + file)).isEqualTo("pass phrase ü \n");
    assertThat(secrets.resolve("file:key")).isEqualTo("pass phrase ü \n");
  }

  @Test
  void whatIsAbsentOrEmptyIsNotFoundAndNamed() throws IOException {
    Files.createFile(folder.resolve("empty"));
    for (String reference :
        new String[] {"env:OTHER", "env:EMPTY", "env:", "file:other", "file:empty"}) {
      assertThat(failure(reference).kind()).as(reference).isEqualTo(Kind.NOT_FOUND);
      assertThat(failure(reference)).hasMessageContaining(reference);
    }
  }

  @Test
  void aFileThatIsNoSecretIsRefusedWithoutItsContent() throws IOException {
    Files.write(folder.resolve("binary"), new byte[] {'h', 'u', 'n', 't', (byte) 0xff});
    Files.writeString(folder.resolve("large"), "hunt".repeat(20_000));
    for (String reference : new String[] {"file:binary", "file:large", "file:."}) {
      PermanentFailure failure = failure(reference);
      assertThat(failure.kind()).as(reference).isEqualTo(Kind.INVALID);
      assertThat(failure).hasMessageContaining(reference).hasMessageNotContaining("hunt");
    }
  }

  private PermanentFailure failure(String reference) {
    return catchThrowableOfType(PermanentFailure.class, () -> secrets.resolve(reference));
  }
}
