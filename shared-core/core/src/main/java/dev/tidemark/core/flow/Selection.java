package dev.tidemark.core.flow;

import dev.tidemark.core.engine.Shard;
import dev.tidemark.core.failure.PermanentFailure;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * What a run takes: what is included, or all but what is excluded. A pattern with a {@code '/'}
 * stands for canonical names of shards, any other for collections.
 */
final class Selection {
  private final List<String> include;
  private final List<String> exclude;

  private Selection(List<String> include, List<String> exclude) {
    this.include = include;
    this.exclude = exclude;
  }

  /**
   * A selection of what exists.
   *
   * @param collections those there are; every pattern must match one of them, or a shard
   * @param shards canonical names of those there are; only looked up where a pattern is for them
   */
  static Selection of(
      List<String> include,
      List<String> exclude,
      List<String> collections,
      Supplier<List<String>> shards) {
    if (!include.isEmpty() && !exclude.isEmpty()) {
      throw PermanentFailure.of(PermanentFailure.Kind.INVALID, "the selection")
          .expected("either include or exclude")
          .found("both: include " + include + " and exclude " + exclude)
          .hint("give one of them");
    }
    List<String> patterns = include.isEmpty() ? exclude : include;
    List<String> inside =
        patterns.stream().anyMatch(Selection::ofShards) ? shards.get() : List.of();
    for (String pattern : patterns) {
      requireMatch(pattern, ofShards(pattern) ? inside : collections);
    }
    return new Selection(include, exclude);
  }

  private static void requireMatch(String pattern, List<String> existing) {
    if (existing.stream().noneMatch(name -> matches(pattern, name))) {
      throw PermanentFailure.of(
              PermanentFailure.Kind.NOT_FOUND,
              (ofShards(pattern) ? "shard '" : "collection '") + pattern + "'")
          .expected("a name or pattern that matches one of " + some(existing))
          .found("no match")
          .hint("correct the name; * stands for any characters");
    }
  }

  private static boolean ofShards(String pattern) {
    return pattern.contains("/");
  }

  /** The same selection where it was checked before. */
  static Selection checked(List<String> include, List<String> exclude) {
    return new Selection(include, exclude);
  }

  boolean takes(Shard shard) {
    return include.isEmpty()
        ? exclude.stream().noneMatch(pattern -> names(pattern, shard))
        : include.stream().anyMatch(pattern -> names(pattern, shard));
  }

  private static boolean names(String pattern, Shard shard) {
    return matches(pattern, ofShards(pattern) ? shard.canonicalName() : shard.collection());
  }

  /** Whether any shard of a collection may be taken. */
  boolean touches(String collection) {
    if (include.isEmpty()) {
      return exclude.stream()
          .noneMatch(pattern -> !ofShards(pattern) && matches(pattern, collection));
    }
    String escaped = new Shard(collection, "", "", 0).canonicalName();
    return include.stream()
        .anyMatch(
            pattern ->
                ofShards(pattern)
                    ? matches(pattern.substring(0, pattern.indexOf('/')), escaped)
                    : matches(pattern, collection));
  }

  /** Whether a name matches a pattern in which {@code *} stands for any characters. */
  static boolean matches(String pattern, String name) {
    return regex(pattern).matcher(name).matches();
  }

  /**
   * What a rename makes of a name: the {@code *}s of {@code to} are replaced by what those of
   * {@code from} stand for; nothing where {@code from} does not match.
   */
  static Optional<String> rename(String from, String to, String name) {
    var matcher = regex(from).matcher(name);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    var text = new StringBuilder();
    int group = 0;
    for (int i = 0; i < to.length(); i++) {
      char c = to.charAt(i);
      if (c == '*' && group < matcher.groupCount()) {
        text.append(matcher.group(++group));
      } else {
        text.append(c);
      }
    }
    return Optional.of(text.toString());
  }

  private static Pattern regex(String pattern) {
    var regex = new StringBuilder();
    for (String literal : pattern.split("\\*", -1)) {
      regex.append(regex.length() == 0 ? "" : "(.*)").append(Pattern.quote(literal));
    }
    return Pattern.compile(regex.toString(), Pattern.DOTALL);
  }

  static String some(List<String> names) {
    int shown = Math.min(names.size(), 10);
    String text = String.join(", ", names.subList(0, shown));
    return shown < names.size() ? text + " and " + (names.size() - shown) + " more" : text;
  }
}
