package dev.tidemark.engine.weaviate;

import static java.time.Duration.ofDays;
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
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A cluster of Weaviate.
 *
 * @param endpoints addresses of its REST API, of one node or more, or of what balances them
 * @param apiKey a reference to the key; null where anybody is let in
 * @param tls null for what the JDK trusts, and no client certificate
 * @param backend the server's module that keeps native backups
 * @param staging where that module keeps them, as we reach it
 * @param replicas which copies of a shard are stored
 * @param inactiveTenants what is done about them
 * @param access whether users and roles are stored
 * @param compressionLevel of chunks, in the server's word; null for none where the server can do
 *     without
 * @param cpuPercentage of a node, for its native backup; 0 for the server's default
 * @param chunkSize in MiB, for servers that heed it; 0 for the server's default
 * @param restoring what a restore into it does with what is not a collection's
 * @param deadline of one exchange
 * @param patience with another backup that is in progress, or whatever else keeps ours from its
 *     beginning
 * @param stall after how long without any new object a native backup, or without a word a native
 *     restore, is given up
 */
public record WeaviateConfig(
    String name,
    List<URI> endpoints,
    @Nullable String apiKey,
    @Nullable TlsFiles tls,
    String backend,
    Options staging,
    Replicas replicas,
    InactiveTenants inactiveTenants,
    Access access,
    @Nullable String compressionLevel,
    int cpuPercentage,
    int chunkSize,
    Restoring restoring,
    Duration deadline,
    Duration patience,
    Duration stall) {

  static final String FILESYSTEM = "filesystem";
  static final String S3 = "s3";

  /** Which of a shard's copies are stored. */
  public enum Replicas {
    ONE,
    ALL
  }

  /** What is done about tenants that a native backup would not hold. */
  public enum InactiveTenants {
    /** They are named as not included, unless the server includes them. */
    AS_THEY_ARE,
    /** They are active while the backup is made, where the server would not include them. */
    ACTIVATE
  }

  /** What is done about users and roles. */
  public enum Access {
    INCLUDED,
    LEFT_OUT
  }

  /** What is done about an alias of a restored collection whose name is taken. */
  public enum TakenAliases {
    /** Nothing is restored. */
    REFUSED,
    /** It stays as it is. */
    KEPT,
    /** It becomes the restored collection's. */
    OVERWRITTEN
  }

  /**
   * What a restore does with users, roles and aliases. A server restores users and roles as a
   * whole: those that it has are replaced, and that is not undone where the restore fails.
   */
  public record Restoring(Access users, Access roles, TakenAliases takenAliases) {}

  /**
   * The keys of a cluster of this engine.
   *
   * @param stores the settings of each kind of store in which a staging area may lie
   */
  public static Schema schema(Map<String, Schema> stores) {
    return Schema.of(
            Schema.required(
                "endpoints",
                Field.list(
                    Field.text("an address like http://host:8080", WeaviateConfig::address))),
            Schema.optional("apiKey", Field.secret()),
            Schema.optional(
                "tls",
                Field.options(
                    Schema.of(
                        Schema.optional("authority", Field.path()),
                        Schema.optional("certificate", Field.path()),
                        Schema.optional("key", Field.path())))),
            Schema.required("backend", Field.choice(FILESYSTEM, S3, "gcs", "azure")),
            Schema.required("staging", Field.chosen("store", null, Schema.of(), stores)),
            Schema.optional("replicas", Field.choice("one", "all"), "one"),
            Schema.optional(
                "inactiveTenants", Field.choice("as-they-are", "activate"), "as-they-are"),
            Schema.optional("usersAndRoles", Field.choice("included", "left-out"), "included"),
            Schema.optional("restoredUsers", Field.choice("included", "left-out"), "left-out"),
            Schema.optional("restoredRoles", Field.choice("included", "left-out"), "left-out"),
            Schema.optional(
                "takenAliases", Field.choice("refused", "kept", "overwritten"), "refused"),
            Schema.optional(
                "compressionLevel",
                Field.choice(
                    "NoCompression",
                    "DefaultCompression",
                    "BestSpeed",
                    "BestCompression",
                    "ZstdDefaultCompression",
                    "ZstdBestSpeed",
                    "ZstdBestCompression")),
            Schema.optional("cpuPercentage", Field.number(1, 80)),
            Schema.optional("chunkSize", Field.number(2, 512)),
            Schema.optional(
                "deadline", Field.duration(ofSeconds(1), ofMinutes(10)), ofSeconds(60).toString()),
            Schema.optional(
                "patience", Field.duration(ofSeconds(1), ofDays(2)), ofMinutes(60).toString()),
            Schema.optional(
                "stall", Field.duration(ofSeconds(5), ofDays(2)), ofMinutes(30).toString()))
        .checkedBy(options -> of("", options));
  }

  /**
   * What a configuration says, checked by {@link #schema}.
   *
   * @throws PermanentFailure INVALID where it makes no sense as a whole
   */
  public static WeaviateConfig of(String name, Options options) {
    List<URI> endpoints = options.texts("endpoints").stream().map(URI::create).toList();
    if (endpoints.isEmpty()) {
      throw PermanentFailure.of(Kind.INVALID, "clusters." + name + ".endpoints")
          .expected("at least one address")
          .found("none")
          .hint("write [http://host:8080]");
    }
    requireMatch(name, options);
    return new WeaviateConfig(
        name,
        endpoints,
        options.textIfSet("apiKey"),
        TlsFiles.of(name, options.options("tls")),
        options.text("backend"),
        options.options("staging"),
        options.text("replicas").equals("all") ? Replicas.ALL : Replicas.ONE,
        options.text("inactiveTenants").equals("activate")
            ? InactiveTenants.ACTIVATE
            : InactiveTenants.AS_THEY_ARE,
        access(options.text("usersAndRoles")),
        options.textIfSet("compressionLevel"),
        options.has("cpuPercentage") ? (int) options.number("cpuPercentage") : 0,
        options.has("chunkSize") ? (int) options.number("chunkSize") : 0,
        new Restoring(
            access(options.text("restoredUsers")),
            access(options.text("restoredRoles")),
            switch (options.text("takenAliases")) {
              case "kept" -> TakenAliases.KEPT;
              case "overwritten" -> TakenAliases.OVERWRITTEN;
              default -> TakenAliases.REFUSED;
            }),
        options.duration("deadline"),
        options.duration("patience"),
        options.duration("stall"));
  }

  private static Access access(String word) {
    return word.equals("included") ? Access.INCLUDED : Access.LEFT_OUT;
  }

  /** The server writes by its backend what we read by our store. */
  private static void requireMatch(String name, Options options) {
    String backend = options.text("backend");
    String store = options.options("staging").text("store");
    boolean ours = backend.equals(FILESYSTEM) || backend.equals(S3);
    if (ours && !backend.equals(store)) {
      throw PermanentFailure.of(Kind.INVALID, "clusters." + name + ".staging")
          .expected("store: %s, as the backend is".formatted(backend))
          .found("store: " + store)
          .hint("name the folder or bucket in which the server's backend keeps its backups");
    }
    if (backend.equals(S3) && options.options("staging").text("prefix").isEmpty()) {
      throw PermanentFailure.of(Kind.INVALID, "clusters." + name + ".staging")
          .expected("a prefix, which the server is told to write under")
          .found("none")
          .hint("write prefix: tidemark-staging, with a lifecycle rule of 2 days");
    }
  }

  private static String address(String text) {
    URI uri = URI.create(text);
    boolean http = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
    String path = uri.getPath() == null ? "" : uri.getPath();
    if (!http || uri.getHost() == null || path.length() > 1 || uri.getQuery() != null) {
      throw new IllegalArgumentException("without a path: /v1 is added");
    }
    return path.isEmpty() ? text : text.substring(0, text.length() - 1);
  }
}
