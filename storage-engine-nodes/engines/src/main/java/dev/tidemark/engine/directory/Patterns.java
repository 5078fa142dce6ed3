package dev.tidemark.engine.directory;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Which entries of a root a backup holds. In a pattern {@code *} stands for any characters but
 * {@code /}, {@code **} for any characters, {@code ?} for one character but {@code /}, a backslash
 * before a character for that character, and <code>**&#47;</code> also for nothing. A pattern
 * without {@code /} is matched on the name, at any depth; any other on the whole path from the root
 * (a leading {@code /} changes nothing else). A trailing {@code /} makes it match directories only.
 *
 * <p>What an exclude pattern matches is left out, a directory with all that is in it. Where there
 * are include patterns, of all that is no directory only that is held which one of them matches, or
 * which lies in a directory that one of them matches. Directories are held unless excluded.
 */
final class Patterns {
  static final Patterns ALL = of(List.of(), List.of());

  private final List<Glob> include;
  private final List<Glob> exclude;

  private record Glob(Pattern pattern, boolean nameOnly, boolean directoryOnly) {
    boolean matches(String path, boolean directory) {
      if (directoryOnly && !directory) {
        return false;
      }
      return pattern.matcher(nameOnly ? path.substring(path.lastIndexOf('/') + 1) : path).matches();
    }
  }

  private Patterns(List<Glob> include, List<Glob> exclude) {
    this.include = include;
    this.exclude = exclude;
  }

  /**
   * @throws IllegalArgumentException with a hint, where a pattern is none
   */
  static Patterns of(List<String> include, List<String> exclude) {
    return new Patterns(
        include.stream().map(Patterns::glob).toList(),
        exclude.stream().map(Patterns::glob).toList());
  }

  /**
   * @param path from the root, as bytes
   */
  boolean excludes(byte[] path, boolean directory) {
    if (exclude.isEmpty()) {
      return false;
    }
    String text = text(path);
    return exclude.stream().anyMatch(glob -> glob.matches(text, directory));
  }

  /** Whether an entry that is no directory is held, unless excluded. */
  boolean includes(byte[] path) {
    if (include.isEmpty()) {
      return true;
    }
    String text = text(path);
    if (include.stream().anyMatch(glob -> glob.matches(text, false))) {
      return true;
    }
    for (int end = text.lastIndexOf('/'); end > 0; end = text.lastIndexOf('/', end - 1)) {
      String above = text.substring(0, end);
      if (include.stream().anyMatch(glob -> glob.matches(above, true))) {
        return true;
      }
    }
    return false;
  }

  /** Checks a pattern and gives it back. */
  static String checked(String pattern) {
    glob(pattern);
    return pattern;
  }

  /** A character for each byte. */
  private static String text(byte[] path) {
    return new String(path, StandardCharsets.ISO_8859_1);
  }

  private static Glob glob(String written) {
    String glob = text(written.getBytes(StandardCharsets.UTF_8));
    boolean directoryOnly = glob.endsWith("/");
    if (directoryOnly) {
      glob = glob.substring(0, glob.length() - 1);
    }
    boolean nameOnly = glob.indexOf('/') < 0;
    if (glob.startsWith("/")) {
      glob = glob.substring(1);
    }
    if (glob.isEmpty() || glob.endsWith("/") || glob.startsWith("/")) {
      throw new IllegalArgumentException("name something, like *.tmp or cache/**");
    }
    return new Glob(Pattern.compile(regex(glob), Pattern.DOTALL), nameOnly, directoryOnly);
  }

  private static String regex(String glob) {
    var regex = new StringBuilder();
    int i = 0;
    while (i < glob.length()) {
      char c = glob.charAt(i);
      if (glob.startsWith("**/", i) && (i == 0 || glob.charAt(i - 1) == '/')) {
        regex.append("(?:.*/)?");
        i += 3;
      } else if (glob.startsWith("**", i)) {
        regex.append(".*");
        i += 2;
      } else if (c == '*') {
        regex.append("[^/]*");
        i++;
      } else if (c == '?') {
        regex.append("(?:[\\xC2-\\xF4][\\x80-\\xBF]{1,3}|[^/])");
        i++;
      } else {
        if (c == '\\' && i + 1 < glob.length()) {
          c = glob.charAt(++i);
        }
        regex.append(Pattern.quote(String.valueOf(c)));
        i++;
      }
    }
    return regex.toString();
  }
}
