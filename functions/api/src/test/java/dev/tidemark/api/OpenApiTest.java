package dev.tidemark.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class OpenApiTest {
  private static final Path BUILT = Path.of("target/classes/META-INF/swagger/openapi.yml");
  private static final Path CHECKED_IN = Path.of("openapi.yaml");

  @Test
  void theDocumentThatIsCheckedInIsThatOfTheControllers() throws IOException {
    assertThat(Files.readString(CHECKED_IN))
        .as(
            "the API has changed; if so it is meant: cp functions/api/%s functions/api/%s",
            BUILT, CHECKED_IN)
        .isEqualTo(Files.readString(BUILT));
  }
}
