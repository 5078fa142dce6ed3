package dev.tidemark.api.json;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * A refusal or failure as {@code application/problem+json} (RFC 9457).
 *
 * @param type {@code urn:tidemark:problem:} and what went wrong
 * @param title the same in words
 * @param status the HTTP status
 * @param detail the thing that it is about, with its id
 * @param expected what was expected of it
 * @param found what was found instead
 * @param hint what to do
 * @param run the run that is in the way
 */
@Schema(description = "A refusal or failure (RFC 9457). A refusal has started nothing.")
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record Problem(
    String type,
    String title,
    int status,
    String detail,
    @Nullable String expected,
    @Nullable String found,
    @Nullable String hint,
    @Nullable String run) {
  public static final String MEDIA_TYPE = "application/problem+json";
}
