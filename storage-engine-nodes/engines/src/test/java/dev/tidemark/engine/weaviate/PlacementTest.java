package dev.tidemark.engine.weaviate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tidemark.core.engine.Shard;
import dev.tidemark.core.engine.Target.TargetUnit;
import dev.tidemark.core.failure.PermanentFailure;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Which node takes whose place. */
class PlacementTest {
  private static final List<String> OLD = List.of("a-0", "a-1", "a-2");

  private static Placement placement(List<String> targets, TargetUnit... units) {
    return Placement.of(new TreeSet<>(OLD), List.of(units), new TreeSet<>(targets));
  }

  private static TargetUnit wish(String from, String to) {
    var shard = new Shard("Article", "s", from, 1);
    return new TargetUnit("0123", shard, "Article", to, "", true, false);
  }

  @Test
  void nodesOfTheSameNameKeepTheirPlaceAndOthersTakeTheFreeOnes() {
    assertThat(placement(List.of("b-0", "a-1", "b-2")).nodes())
        .isEqualTo(Map.of("a-0", "b-0", "a-1", "a-1", "a-2", "b-2"));
  }

  @Test
  void theRequestsMappingComesFirst() {
    assertThat(placement(OLD, wish("a-0", "a-2")).nodes())
        .isEqualTo(Map.of("a-0", "a-2", "a-1", "a-1", "a-2", "a-0"));
  }

  @Test
  void aNodeThatIsNotThereIsRefused() {
    assertThatExceptionOfType(PermanentFailure.class)
        .isThrownBy(() -> placement(List.of("b-0"), wish("a-0", "c-0")))
        .withMessageContaining("c-0")
        .withMessageContaining("b-0");
  }

  @Test
  void onFewerNodesAShardHasACopyOnEachAtMost() {
    Placement two = placement(List.of("b-0", "b-1"));
    assertThat(two.of("s", OLD)).containsExactlyInAnyOrder("b-0", "b-1");
    assertThat(two.of("s", List.of("a-0"))).hasSize(1);
    assertThat(placement(List.of("b-0")).of("s", OLD)).containsExactly("b-0");
  }

  @Test
  void onMoreNodesAShardHasAsManyCopiesAsItHad() {
    Placement five = placement(List.of("b-0", "b-1", "b-2", "b-3", "b-4"));
    assertThat(five.of("s", OLD)).hasSize(3).doesNotHaveDuplicates();
  }
}
