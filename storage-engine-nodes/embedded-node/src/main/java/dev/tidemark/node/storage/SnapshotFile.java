package dev.tidemark.node.storage;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.micronaut.core.annotation.Introspected;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A file of a snapshot.
 *
 * @param number of an immutable file; within one generation, equal number and size mean equal bytes
 * @param sha256 lower-case hex
 */
@Introspected
@JsonInclude(JsonInclude.Include.ALWAYS)
public record SnapshotFile(String name, @Nullable Long number, long size, String sha256) {
  private static final Pattern IMMUTABLE = Pattern.compile("([0-9]+)\\.(sst|blob)");

  static @Nullable Long number(String name) {
    Matcher matcher = IMMUTABLE.matcher(name);
    return matcher.matches() ? Long.valueOf(matcher.group(1)) : null;
  }
}
