package dev.tidemark.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.core.memory.InMemoryStateTable;
import dev.tidemark.core.state.Commit;
import dev.tidemark.core.state.Row;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class InMemoryStateTableTest {

  @Nested
  class Kind implements StateTableContract {
    private final InMemoryStateTable table = InMemoryStateTable.kind();

    @Override
    public StateTableEnvironment environment() {
      return () -> table;
    }
  }

  @Nested
  class Mean implements StateTableContract {
    private final InMemoryStateTable table =
        InMemoryStateTable.mean(ThreadLocalRandom.current().nextLong());

    Mean() {
      System.out.println(table);
    }

    @Override
    public StateTableEnvironment environment() {
      return () -> table;
    }
  }

  @Test
  void aMeanQueryMixesMoments() {
    Set<List<String>> seen = new HashSet<>();
    for (long seed = 0; seed < 50; seed++) {
      seen.add(tornQuery(seed));
    }
    assertThat(seen)
        .as("a is replaced, b deleted, and c created while the query runs")
        .contains(List.of("a=0", "c=1"), List.of("a=1", "b=0"), List.of("a=0"));
    assertThat(tornQuery(7)).isEqualTo(tornQuery(7));
  }

  private static List<String> tornQuery(long seed) {
    var tables = new InMemoryStateTable[1];
    tables[0] =
        InMemoryStateTable.mean(
            seed,
            () -> {
              Row a = tables[0].get("p", "a").orElseThrow();
              Row b = tables[0].get("p", "b").orElseThrow();
              tables[0].commit(Commit.in("p").replace(a, "1").delete(b).create("c", "1"));
            });
    tables[0].commit(Commit.in("p").create("a", "0").create("b", "0"));
    return tables[0].query("p", "", null, 10).stream()
        .map(row -> row.sort() + "=" + row.body())
        .toList();
  }
}
