package dev.tidemark.core.config;

import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.failure.PermanentFailure.Kind;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What came of reading a configuration file.
 *
 * @param file as it was named
 * @param configuration null if and only if there are problems
 * @param problems all of them, in the order of their lines
 * @param notices what is used otherwise than it is written, each a sentence
 */
public record Reading(
    String file,
    @Nullable Configuration configuration,
    List<Problem> problems,
    List<String> notices) {

  /**
   * @throws PermanentFailure INVALID, with all problems
   */
  public Configuration orThrow() {
    if (configuration != null) {
      return configuration;
    }
    if (problems.size() == 1) {
      Problem only = problems.get(0);
      String place = "%s:%d:%d".formatted(only.file(), only.line(), only.column());
      throw PermanentFailure.of(
              Kind.INVALID, only.where().isEmpty() ? place : place + ": " + only.where())
          .expected(only.expected())
          .found(only.found())
          .hint(only.hint());
    }
    throw PermanentFailure.of(Kind.INVALID, file)
        .expected("a configuration without errors")
        .found(
            problems.size()
                + " errors:"
                + problems.stream().map(p -> "\n  " + p.sentence()).collect(Collectors.joining()));
  }
}
