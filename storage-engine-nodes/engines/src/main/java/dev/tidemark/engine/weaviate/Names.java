package dev.tidemark.engine.weaviate;

import dev.tidemark.core.engine.RunToken;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Keys in the staging area of what one run makes; all of them begin with {@link #prefix}. */
record Names(RunToken token) {
  private static final Pattern ID = Pattern.compile("(tidemark-[a-z0-9]+-[a-z0-9]+)-([0-9]{1,4})");

  /** Of everything of the run. */
  String prefix() {
    return token.name() + "-";
  }

  /** The id of the run's n-th native backup, from 1 on. No id is used twice. */
  String id(int n) {
    return prefix() + n;
  }

  /** Which of the run's native backups an id names; nothing for that of another run. */
  Optional<Integer> number(String id) {
    Matcher match = ID.matcher(id);
    return match.matches() && match.group(1).equals(token.name())
        ? Optional.of(Integer.valueOf(match.group(2)))
        : Optional.empty();
  }

  /** A small object that says what the run found or did. */
  String note(String name) {
    return prefix() + "notes/" + name + ".json";
  }

  /** What is laid out of the n-th native backup. */
  String laid(int n, String rest) {
    return prefix() + "laid/" + n + "/" + rest;
  }

  /** The id of the native backup that a restore writes, for the server to restore. */
  String restored() {
    return prefix() + "restore";
  }

  /** What a restore notes beside it. */
  String restoring(String rest) {
    return prefix() + "restoring/" + rest;
  }

  /** What a person knows the shard's folder in the server's data by. */
  static String folder(String collection, String shard) {
    return collection.toLowerCase(Locale.ROOT) + "/" + shard + "/";
  }

  static String cluster(String id) {
    return id + "/" + ClusterDescriptor.NAME;
  }

  /** What the coordinator says of a native restore. */
  static String restore(String id) {
    return id + "/restore_config.json";
  }

  static String node(String id, String node) {
    return id + "/" + node + "/" + NodeDescriptor.NAME;
  }

  static String chunk(String id, String node, String collection, int number) {
    return id + "/" + node + "/" + collection + "/chunk-" + number;
  }
}
