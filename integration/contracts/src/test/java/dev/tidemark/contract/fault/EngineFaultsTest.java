package dev.tidemark.contract.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.core.engine.Catalog;
import dev.tidemark.core.engine.Guard;
import dev.tidemark.core.engine.RunToken;
import dev.tidemark.core.engine.Source;
import dev.tidemark.core.engine.StorageEngine;
import dev.tidemark.core.engine.UnitReader;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The roles of an engine, and what they open, pass through the same faults. */
class EngineFaultsTest {
  private static final RunToken TOKEN = new RunToken("d1", "abcdefghijkl");

  /** An engine of which every role answers the next one, or nothing. */
  private static <T> T role(Class<T> type) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) -> {
              Class<?> answer = method.getReturnType();
              if (answer == Optional.class) {
                return Optional.of(role(Guard.class));
              }
              if (answer == Duration.class) {
                return Duration.ofMinutes(3);
              }
              if (answer == boolean.class) {
                return false;
              }
              return answer.isInterface() && answer != List.class ? role(answer) : null;
            }));
  }

  @Test
  void rolesAndWhatTheyOpenAreWrappedAndCounted() {
    var faults = new Faults(FaultPlan.none(), Meanwhile.nothing());
    StorageEngine engine = faults.process().wrap(StorageEngine.class, role(StorageEngine.class));

    Catalog catalog = engine.catalog();
    catalog.describe();
    Source source = engine.source();
    try (UnitReader reader = source.open(TOKEN, "unit", List.of(), "snapshot");
        UnitReader.Listing listing = reader.list((kind, path, detail) -> {})) {
      assertThat(reader.stable()).isFalse();
      assertThat(listing.hasNext()).isFalse();
    }
    Guard guard = engine.guard().orElseThrow();
    guard.take(TOKEN, guard.timeToLive());

    assertThat(faults.counts().keySet())
        .containsExactly(
            "Catalog.describe", "Guard.take", "Listing.hasNext", "Source.open", "UnitReader.list");
  }

  @Test
  void aCrashInAListingKillsItsProcessButItsFilesCanBeClosed() {
    var faults =
        new Faults(FaultPlan.at("Listing.hasNext", 1, Fault.crashBefore()), Meanwhile.nothing());
    StorageEngine engine = faults.process().wrap(StorageEngine.class, role(StorageEngine.class));
    UnitReader reader = engine.source().open(TOKEN, "unit", List.of(), "snapshot");
    UnitReader.Listing listing = reader.list((kind, path, detail) -> {});

    assertThatThrownBy(listing::hasNext).isInstanceOf(Crash.class);
    assertThatThrownBy(engine::catalog).isInstanceOf(Crash.class);
    listing.close();
    reader.close();
  }
}
