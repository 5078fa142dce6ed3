package dev.tidemark.core.config;

import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.failure.PermanentFailure.Kind;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collections;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * A checked configuration: every name that it refers to exists in it, and nothing is left to
 * default. Immutable; two are equal if their JSON is.
 */
public final class Configuration {
  private final Options tree;
  private final Map<String, VaultConfig> vaults;
  private final Map<String, ClusterConfig> clusters;
  private final Map<String, PolicyConfig> policies;
  private final Map<String, TokenConfig> tokens;
  private final Settings settings;

  /**
   * @param tree resolved by {@link ConfigurationReader}
   */
  Configuration(Options tree) {
    this.tree = tree;
    this.vaults = byName(tree.options("vaults"), VaultConfig::of);
    this.clusters = byName(tree.options("clusters"), ClusterConfig::of);
    this.policies = byName(tree.options("policies"), PolicyConfig::of);
    this.tokens = byName(tree.options("api").options("tokens"), TokenConfig::of);
    this.settings = Settings.of(tree.options("settings"));
  }

  /** The configuration of no file: nothing but default settings. */
  public static Configuration empty() {
    return new Configuration(Options.EMPTY.with("settings", Layout.SETTINGS.defaults()));
  }

  /**
   * Reads what {@link #json} wrote.
   *
   * @throws IllegalArgumentException where it is something else
   */
  public static Configuration parse(String json) {
    try {
      return new Configuration(Options.parse(json));
    } catch (IllegalStateException e) {
      throw new IllegalArgumentException("not a configuration: " + e.getMessage(), e);
    }
  }

  /** The canonical form: equal for files that mean the same. */
  public String json() {
    return tree.json();
  }

  /** SHA-256 of {@link #json} in UTF-8, 64 lower-case hex digits. */
  public String digest() {
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(sha256.digest(json().getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JVM has SHA-256", e);
    }
  }

  /** By name, in order of names; so are clusters and policies. */
  public Map<String, VaultConfig> vaults() {
    return vaults;
  }

  public Map<String, ClusterConfig> clusters() {
    return clusters;
  }

  public Map<String, PolicyConfig> policies() {
    return policies;
  }

  /** The API's bearer tokens, by name. */
  public Map<String, TokenConfig> tokens() {
    return tokens;
  }

  public Settings settings() {
    return settings;
  }

  /**
   * @throws PermanentFailure NOT_FOUND where there is none of that name
   */
  public VaultConfig vault(String name) {
    return one("vault", name, vaults);
  }

  /**
   * @throws PermanentFailure NOT_FOUND where there is none of that name
   */
  public ClusterConfig cluster(String name) {
    return one("cluster", name, clusters);
  }

  /**
   * @throws PermanentFailure NOT_FOUND where there is none of that name
   */
  public PolicyConfig policy(String name) {
    return one("policy", name, policies);
  }

  private static <T> T one(String kind, String name, Map<String, T> all) {
    T found = all.get(name);
    if (found != null) {
      return found;
    }
    String hint = Nearest.hint(name, all.keySet());
    throw PermanentFailure.of(Kind.NOT_FOUND, "%s '%s'".formatted(kind, name))
        .expected(
            all.isEmpty()
                ? "a %s of the configuration, which has none".formatted(kind)
                : "one of " + String.join(", ", all.keySet()))
        .found("no %s of that name".formatted(kind))
        .hint(hint.isEmpty() ? "correct the name, or add it to the configuration" : hint);
  }

  private static <T> Map<String, T> byName(Options options, BiFunction<String, Options, T> each) {
    Map<String, T> all = new TreeMap<>();
    options.names().forEach(name -> all.put(name, each.apply(name, options.options(name))));
    return Collections.unmodifiableMap(all);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Configuration configuration && tree.equals(configuration.tree);
  }

  @Override
  public int hashCode() {
    return tree.hashCode();
  }

  @Override
  public String toString() {
    return "configuration " + digest();
  }
}
