package dev.tidemark.node.schema;

import io.micronaut.core.annotation.Introspected;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A request to publish a restore, with aliases to be set at the same moment. */
@Introspected
public record Publication(@Nullable List<Alias> aliases) {
  public List<Alias> aliasesOrNone() {
    return aliases == null ? List.of() : aliases;
  }
}
