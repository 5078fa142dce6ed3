package dev.tidemark.core.vault;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.core.engine.Shard;
import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.vault.PlanText.PlanUnit;
import java.util.List;
import org.junit.jupiter.api.Test;

class PlanTextTest {
  @Test
  void aPlanOfTooManyShardsIsRefusedWithWhatToDo() {
    var plan = new PlanText.Writer(new PlanText.Header("c-00000000", "b", "aaaaaaaaaaaa"));
    assertThatThrownBy(() -> add(plan, 1_000_000))
        .isInstanceOf(PermanentFailure.class)
        .hasMessageContaining("at most 67108864 bytes")
        .hasMessageContaining("make several backups");
  }

  private static void add(PlanText.Writer plan, int shards) {
    for (int i = 0; i < shards; i++) {
      String unit = "%020x".formatted(i);
      plan.add(
          new PlanUnit("l0000", "n", unit, unit, List.of(new Shard("articles", "s" + i, "n", 1))));
    }
  }
}
