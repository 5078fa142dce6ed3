package dev.tidemark.api.json;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import dev.tidemark.core.control.VaultCheck;
import org.jspecify.annotations.Nullable;

/**
 * Something that a vault relies on its store for.
 *
 * @param detail what was found instead; absent where it was kept
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record Promise(String text, boolean kept, @Nullable String detail) {

  static Promise of(VaultCheck.Promise promise) {
    return new Promise(promise.text(), promise.kept(), Views.emptyAsNull(promise.detail()));
  }

  VaultCheck.Promise view() {
    return new VaultCheck.Promise(text, kept, Views.nullAsEmpty(detail));
  }
}
