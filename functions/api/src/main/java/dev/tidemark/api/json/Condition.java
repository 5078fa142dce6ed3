package dev.tidemark.api.json;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import dev.tidemark.core.engine.Condition.Verdict;
import org.jspecify.annotations.Nullable;

/**
 * Something that must hold for backups of a cluster.
 *
 * @param text what is to hold
 * @param verdict GOOD; WARNING where it will do harm later; BAD where no backup can be made;
 *     UNKNOWN where it could not be asked
 * @param found what was found; absent where that says nothing more
 * @param hint what to do; absent where there is nothing
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record Condition(
    String text, Verdict verdict, @Nullable String found, @Nullable String hint) {

  static Condition of(dev.tidemark.core.engine.Condition condition) {
    return new Condition(
        condition.text(),
        condition.verdict(),
        Views.emptyAsNull(condition.found()),
        Views.emptyAsNull(condition.hint()));
  }

  dev.tidemark.core.engine.Condition view() {
    return new dev.tidemark.core.engine.Condition(
        text, verdict, Views.nullAsEmpty(found), Views.nullAsEmpty(hint));
  }
}
