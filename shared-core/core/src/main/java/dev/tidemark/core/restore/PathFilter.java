package dev.tidemark.core.restore;

import dev.tidemark.core.tree.EntryPath;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Which paths of a unit are restored: all, or those that a pattern names and all below them. */
public final class PathFilter {
  public static final PathFilter ALL = new PathFilter(List.of());

  private final List<Pattern> patterns;

  private PathFilter(List<Pattern> patterns) {
    this.patterns = patterns;
  }

  /**
   * A filter of patterns.
   *
   * @param patterns paths in their text form ({@link EntryPath#toString}), in which {@code *}
   *     stands for any characters but {@code /}; a slash at either end means nothing. None: all
   *     paths
   */
  public static PathFilter of(List<String> patterns) {
    return patterns.isEmpty()
        ? ALL
        : new PathFilter(patterns.stream().map(PathFilter::compile).toList());
  }

  /** Whether every path is included. */
  public boolean isAll() {
    return patterns.isEmpty();
  }

  /** Whether a path, or a folder above it, is named. */
  public boolean includes(EntryPath path) {
    String text = path.toString();
    return isAll() || patterns.stream().anyMatch(pattern -> pattern.matcher(text).lookingAt());
  }

  private static Pattern compile(String text) {
    String path = text.replaceAll("^/+|/+$", "");
    if (path.isEmpty()) {
      return Pattern.compile("");
    }
    String regex =
        List.of(path.split("\\*", -1)).stream()
            .map(Pattern::quote)
            .collect(Collectors.joining("[^/]*"));
    return Pattern.compile(regex + "(?=/|\\z)");
  }
}
