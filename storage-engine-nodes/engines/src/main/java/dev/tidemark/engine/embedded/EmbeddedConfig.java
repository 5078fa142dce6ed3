package dev.tidemark.engine.embedded;

import static java.time.Duration.ofDays;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;

import dev.tidemark.core.config.Field;
import dev.tidemark.core.config.Options;
import dev.tidemark.core.config.Schema;
import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.failure.PermanentFailure.Kind;
import dev.tidemark.engine.http.TlsFiles;
import java.net.URI;
import java.time.Duration;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A cluster of embedded nodes.
 *
 * @param nodes names of nodes to their addresses, like {@code http://127.0.0.1:8101}
 * @param apiKey a reference to the key; null where the nodes ask for none
 * @param tls null for what the JDK trusts, and no client certificate
 * @param snapshotTtl how long the nodes keep a snapshot that nobody releases
 * @param onMissingNode what a backup does where a node does not answer or has lost a shard
 * @param bytesPerSecond to and from one node; 0 for no limit
 * @param deadline of one exchange with a node
 */
public record EmbeddedConfig(
    String name,
    SortedMap<String, URI> nodes,
    @Nullable String apiKey,
    @Nullable TlsFiles tls,
    Duration snapshotTtl,
    MissingNode onMissingNode,
    long bytesPerSecond,
    Duration deadline) {

  private static final Pattern NODE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]{0,63}");
  private static final String NODE_WORDS = "a name of 1 to 64 of A-Z, a-z, 0-9, '_' and '-'";

  /** The keys of a cluster of this engine. */
  public static final Schema SCHEMA =
      Schema.of(
              Schema.required(
                  "nodes",
                  Field.named(
                      NODE,
                      NODE_WORDS,
                      Field.text("an address like http://host:8101", EmbeddedConfig::address))),
              Schema.optional("apiKey", Field.secret()),
              Schema.optional(
                  "tls",
                  Field.options(
                      Schema.of(
                          Schema.optional("authority", Field.path()),
                          Schema.optional("certificate", Field.path()),
                          Schema.optional("key", Field.path())))),
              Schema.optional(
                  "snapshotTtl", Field.duration(ofMinutes(1), ofDays(30)), ofHours(24).toString()),
              Schema.optional("onMissingNode", Field.choice("fail", "partial"), "fail"),
              Schema.optional("mebibytesPerSecond", Field.number(1, 100_000)),
              Schema.optional(
                  "deadline",
                  Field.duration(ofSeconds(1), ofMinutes(10)),
                  ofSeconds(60).toString()))
          .checkedBy(options -> of("", options));

  /** What a backup does without a node. */
  public enum MissingNode {
    FAIL,
    PARTIAL
  }

  /**
   * What a configuration says, checked by {@link #SCHEMA}.
   *
   * @throws PermanentFailure INVALID where it makes no sense as a whole
   */
  public static EmbeddedConfig of(String name, Options options) {
    var nodes = new TreeMap<String, URI>();
    Options addresses = options.options("nodes");
    addresses.names().forEach(node -> nodes.put(node, URI.create(addresses.text(node))));
    if (nodes.isEmpty()) {
      throw PermanentFailure.of(Kind.INVALID, "clusters." + name + ".nodes")
          .expected("at least one node")
          .found("none")
          .hint("write { n1: http://host:8101 }");
    }
    return new EmbeddedConfig(
        name,
        nodes,
        options.textIfSet("apiKey"),
        TlsFiles.of(name, options.options("tls")),
        options.duration("snapshotTtl"),
        options.text("onMissingNode").equals("partial") ? MissingNode.PARTIAL : MissingNode.FAIL,
        options.has("mebibytesPerSecond") ? options.number("mebibytesPerSecond") << 20 : 0,
        options.duration("deadline"));
  }

  private static String address(String text) {
    URI uri = URI.create(text);
    boolean http = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
    String path = uri.getPath() == null ? "" : uri.getPath();
    if (!http || uri.getHost() == null || path.length() > 1 || uri.getQuery() != null) {
      throw new IllegalArgumentException("");
    }
    return path.isEmpty() ? text : text.substring(0, text.length() - 1);
  }
}
