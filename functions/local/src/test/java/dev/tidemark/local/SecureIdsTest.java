package dev.tidemark.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SecureIdsTest {
  private final SecureIds ids = new SecureIds();

  @Test
  void textIsOfLettersAndDigitsAndOfAllOfThem() {
    assertThat(ids.text(12)).matches("[a-z0-9]{12}");
    assertThat(ids.text(0)).isEmpty();
    assertThat(ids.text(5_000).chars().distinct().count()).isEqualTo(36);
  }

  @Test
  void idsDoNotRepeat() {
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < 1_000; i++) {
      seen.add(ids.text(12));
    }
    assertThat(seen).hasSize(1_000);
    assertThat(ids.bytes(16)).hasSize(16).isNotEqualTo(ids.bytes(16));
  }
}
