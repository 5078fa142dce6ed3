package dev.tidemark.core.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.failure.PermanentFailure.Kind;
import dev.tidemark.core.memory.InMemoryBlobStore;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;

class BlobConfigurationsTest {
  private final InMemoryBlobStore bucket =
      new InMemoryBlobStore(InstantSource.fixed(Instant.EPOCH));
  private final Configurations configurations = new BlobConfigurations(bucket);
  private final Configuration configuration = Configuration.empty();

  @Test
  void aConfigurationIsReadAsItWasKeptHoweverOften() {
    configurations.put(configuration);
    configurations.put(configuration);
    assertThat(new BlobConfigurations(bucket).read(configuration.digest()))
        .isEqualTo(configuration);
  }

  @Test
  void oneThatWasNeverKeptIsNotFoundAndNamed() {
    String digest = "0".repeat(64);
    assertThatThrownBy(() -> configurations.read(digest))
        .isInstanceOfSatisfying(
            PermanentFailure.class, e -> assertThat(e.kind()).isEqualTo(Kind.NOT_FOUND))
        .hasMessageContaining(digest);
  }

  @Test
  void whatIsNotWhatWasKeptIsDamaged() {
    for (String content : List.of(configuration.json(), "{", "\u0000")) {
      String digest = "%064d".formatted(content.length());
      bucket.create(
          "configurations/" + digest + ".json",
          List.of(ByteBuffer.wrap(content.getBytes(StandardCharsets.UTF_8))));
      assertThatThrownBy(() -> configurations.read(digest))
          .isInstanceOfSatisfying(
              PermanentFailure.class, e -> assertThat(e.kind()).isEqualTo(Kind.DAMAGED));
    }
  }

  @Test
  void aDigestIsNeverAPath() {
    assertThatThrownBy(() -> configurations.read("../vault"))
        .isInstanceOfSatisfying(
            PermanentFailure.class, e -> assertThat(e.kind()).isEqualTo(Kind.INVALID));
  }
}
