package dev.tidemark.api.json;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A page of a list.
 *
 * @param next asks for the page after this one, as the query's {@code after}; absent where there is
 *     none
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record Contents(List<ContentsEntry> entries, @Nullable String next) {}
