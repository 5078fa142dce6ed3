package dev.tidemark.engine.directory;

import static java.time.Duration.ofHours;
import static java.time.Duration.ofSeconds;

import dev.tidemark.core.config.Field;
import dev.tidemark.core.config.Options;
import dev.tidemark.core.config.Schema;
import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.failure.PermanentFailure.Kind;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A cluster of directories.
 *
 * @param name the cluster's
 * @param roots with different names; none for a cluster that is not configured
 * @param before run before a backup reads; null for none
 * @param after run after it, also where {@code before} failed; null for none
 */
public record DirectoryConfig(
    String name, List<Root> roots, @Nullable Hook before, @Nullable Hook after) {

  private static final Pattern ROOT_NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]{0,99}");
  private static final String ROOT_WORDS =
      "a name of 1 to 100 of A-Z, a-z, 0-9, '.', '_' and '-' that does not begin with '.' or '-'";
  private static final Field PATTERNS =
      Field.list(Field.text("a pattern like *.tmp or cache/**", Patterns::checked));

  private static final Field HOOK =
      Field.options(
          Schema.of(
              Schema.required("run", Field.list(Field.text())),
              Schema.optional("limit", Field.duration(ofSeconds(1), ofHours(1)), "PT1M")));

  /** The keys of a cluster of this engine. */
  public static final Schema SCHEMA =
      Schema.of(
              Schema.required(
                  "roots",
                  Field.list(
                      Field.options(
                          Schema.of(
                              Schema.optional(
                                  "name", Field.text(ROOT_WORDS, DirectoryConfig::name)),
                              Schema.required("path", Field.path()),
                              Schema.optional("split", Field.choice("none", "children"), "none"),
                              Schema.optional("include", PATTERNS),
                              Schema.optional("exclude", PATTERNS))))),
              Schema.optional(
                  "hooks",
                  Field.options(
                      Schema.of(Schema.optional("before", HOOK), Schema.optional("after", HOOK)))))
          .checkedBy(options -> of("", options));

  /** Into which units a root is divided. */
  public enum Split {
    NONE,
    CHILDREN
  }

  /**
   * A directory tree.
   *
   * @param name of the collection and of the node
   * @param path absolute; a symbolic link there is followed
   * @param include patterns as {@code Patterns} describes them; none for all
   * @param exclude likewise; none for nothing
   */
  public record Root(
      String name, Path path, Split split, List<String> include, List<String> exclude) {

    public static Root of(String name, Path path) {
      return new Root(name, path, Split.NONE, List.of(), List.of());
    }

    Patterns patterns() {
      return Patterns.of(include, exclude);
    }
  }

  /**
   * A command. It gets the run's name in {@code TIDEMARK_RUN}, no input, and should do no harm when
   * it is run again: a crash in its middle makes it start again.
   *
   * @param run program and arguments; for a shell {@code [sh, -c, "…"]}
   * @param limit after which it and all it started are killed
   */
  public record Hook(List<String> run, Duration limit) {}

  /**
   * What a configuration says, checked by {@link #SCHEMA}. A cluster that no configuration names
   * has no options at all, and so no roots: it can be restored to a place that is named.
   *
   * @throws PermanentFailure INVALID where it makes no sense as a whole
   */
  public static DirectoryConfig of(String name, Options options) {
    var roots = new ArrayList<Root>();
    var names = new HashSet<String>();
    for (Options each : options.many("roots")) {
      Root root = root(name, each);
      if (!names.add(root.name())) {
        throw PermanentFailure.of(Kind.INVALID, "clusters." + name + ".roots")
            .expected("a different name for each root")
            .found("two roots named '" + root.name() + "'")
            .hint("give them names of their own: { name: …, path: … }");
      }
      roots.add(root);
    }
    if (roots.isEmpty() && options.has("roots")) {
      throw PermanentFailure.of(Kind.INVALID, "clusters." + name + ".roots")
          .expected("at least one root")
          .found("none")
          .hint("write [{ name: data, path: /srv/data }]");
    }
    Options hooks = options.options("hooks");
    return new DirectoryConfig(
        name, List.copyOf(roots), hook(name, hooks, "before"), hook(name, hooks, "after"));
  }

  private static Root root(String cluster, Options options) {
    Path path = options.path("path");
    Path last = path.getFileName();
    String name = last == null ? "" : last.toString();
    name = options.has("name") ? options.text("name") : name;
    if (!ROOT_NAME.matcher(name).matches()) {
      throw PermanentFailure.of(Kind.INVALID, "clusters." + cluster + ".roots")
          .expected(ROOT_WORDS)
          .found("a root at " + path + " without a name")
          .hint("write { name: data, path: " + path + " }");
    }
    Split split = options.text("split").equals("children") ? Split.CHILDREN : Split.NONE;
    return new Root(name, path, split, options.texts("include"), options.texts("exclude"));
  }

  private static @Nullable Hook hook(String cluster, Options hooks, String which) {
    if (!hooks.has(which)) {
      return null;
    }
    Options hook = hooks.options(which);
    if (hook.texts("run").isEmpty()) {
      throw PermanentFailure.of(Kind.INVALID, "clusters." + cluster + ".hooks." + which)
          .expected("a command")
          .found("an empty list")
          .hint("write run: [program, argument, …]");
    }
    return new Hook(hook.texts("run"), hook.duration("limit"));
  }

  private static String name(String text) {
    if (!ROOT_NAME.matcher(text).matches()) {
      throw new IllegalArgumentException("");
    }
    return text;
  }
}
