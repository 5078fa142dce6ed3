package dev.tidemark.node.schema;

import dev.tidemark.node.failure.NodeFailure;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The names of collections, aliases, shards, tenants, snapshots, nodes and tokens. */
public final class Names {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]{0,63}");

  private Names() {}

  /**
   * @param what the kind of thing, for the message
   */
  public static String require(String what, @Nullable String name) {
    if (name == null || !NAME.matcher(name).matches()) {
      throw NodeFailure.invalid("name of a " + what, NAME.pattern(), name);
    }
    return name;
  }

  /** Refuses what no name can begin with; an empty prefix is one of every name. */
  public static String requirePrefix(@Nullable String prefix) {
    return prefix == null || prefix.isEmpty() ? "" : require("prefix", prefix);
  }
}
