package dev.tidemark.node.failure;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.micronaut.core.annotation.Introspected;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** An error as {@code application/problem+json} (RFC 9457). */
@Introspected
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record Problem(
    String type,
    String title,
    int status,
    String detail,
    @Nullable String expected,
    @Nullable String found,
    @Nullable String hint) {
  public static final String MEDIA_TYPE = "application/problem+json";

  /** The kind of this problem; one that this version does not know is {@link Kind#INTERNAL}. */
  public Kind kind() {
    return Arrays.stream(Kind.values())
        .filter(kind -> kind.urn().equals(type))
        .findFirst()
        .orElse(Kind.INTERNAL);
  }
}
