package dev.tidemark.core.config;

import static java.time.Duration.ZERO;
import static java.time.Duration.ofDays;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;

import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.vault.Compression;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.Map;
import java.util.regex.Pattern;

/** The schema of the whole file; engines and stores add theirs. */
final class Layout {
  private static final Pattern NAME = Pattern.compile("[a-z0-9-]{1,40}");
  private static final String NAME_WORDS = "a name of 1 to 40 of a-z, 0-9 and -";
  private static final Pattern HASH = Pattern.compile("sha256:[0-9a-f]{64}");
  private static final Field WIDTH = Field.number(1, 64);
  private static final Field COMPRESSION =
      Field.text("one of " + Compression.names(), Layout::compression);
  private static final Field CHUNK_SIZE =
      Field.number(ChunkSize.MIN_MEBIBYTES, ChunkSize.MAX_MEBIBYTES);
  private static final Field PATTERNS = Field.list(Field.text());

  static final Schema SETTINGS =
      Schema.of(
          Schema.optional("state", Field.path()),
          Schema.optional("slice", Field.duration(ofSeconds(1), ofHours(12)), text(ofMinutes(8))),
          Schema.optional("width", WIDTH, 2L),
          Schema.optional("workers", Field.number(1, 64), 2L),
          Schema.optional("attempts", Field.number(1, 20), 8L),
          Schema.optional("resumeWindow", Field.duration(ZERO, ofDays(7)), text(ofHours(1))),
          Schema.optional("compression", COMPRESSION, Compression.BEST_SPEED.word()),
          Schema.optional("chunkSize", CHUNK_SIZE, 32L));

  private static final Schema TOKEN =
      Schema.of(
              Schema.required("role", Field.choice(Role.WORDS.split(", ", -1))),
              Schema.optional("hash", Field.discreet("sha256: and 64 hex digits", Layout::hash)),
              Schema.optional("token", Field.secret()))
          .checkedBy(Layout::requireOneOrigin);

  private static final Schema API =
      Schema.of(Schema.required("tokens", Field.named(NAME, NAME_WORDS, Field.options(TOKEN))));

  private static final Schema VAULT =
      Schema.of(
          Schema.optional("compression", COMPRESSION), Schema.optional("chunkSize", CHUNK_SIZE));

  private static final Schema CLUSTER =
      Schema.of(Schema.optional("vault", Field.text()), Schema.optional("width", WIDTH));

  private static final Schema POLICY =
      Schema.of(
          Schema.required("clusters", Field.list(Field.text())),
          Schema.optional("vault", Field.text()),
          Schema.optional("schedule", Field.text("a schedule like \"0 3 * * *\"", Cron::normal)),
          Schema.optional(
              "zone", Field.text("a time zone like Europe/Berlin", Layout::zone), "UTC"),
          Schema.optional("include", PATTERNS),
          Schema.optional("exclude", PATTERNS),
          Schema.optional(
              "labels",
              Field.named(
                  Labels.KEY,
                  Labels.KEY_EXPECTED,
                  Field.text(Labels.VALUE_EXPECTED, Layout::label))));

  private Layout() {}

  static Schema with(Map<String, Schema> engines, Map<String, Schema> stores) {
    return Schema.of(
        Schema.optional(
            "vaults",
            Field.named(NAME, NAME_WORDS, Field.chosen("store", "filesystem", VAULT, stores)),
            Options.EMPTY),
        Schema.optional(
            "clusters",
            Field.named(NAME, NAME_WORDS, Field.chosen("engine", null, CLUSTER, engines)),
            Options.EMPTY),
        Schema.optional(
            "policies", Field.named(NAME, NAME_WORDS, Field.options(POLICY)), Options.EMPTY),
        Schema.optional("settings", Field.options(SETTINGS), SETTINGS.defaults()),
        Schema.optional("api", Field.options(API)));
  }

  private static String text(java.time.Duration duration) {
    return duration.toString();
  }

  private static String hash(String text) {
    if (!HASH.matcher(text).matches()) {
      throw new IllegalArgumentException("`tidemark token create` prints a token and its hash");
    }
    return text;
  }

  private static void requireOneOrigin(Options token) {
    if (token.has("hash") == token.has("token")) {
      throw PermanentFailure.of(PermanentFailure.Kind.INVALID, "token")
          .expected("one of the keys hash, token")
          .found(token.has("hash") ? "both" : "neither")
          .hint("`tidemark token create` prints a token and its hash");
    }
  }

  private static String compression(String name) {
    return Compression.named(name).orElseThrow(() -> new IllegalArgumentException("")).word();
  }

  private static String zone(String id) {
    try {
      return ZoneId.of(id).getId();
    } catch (DateTimeException e) {
      throw new IllegalArgumentException(Nearest.hint(id, ZoneId.getAvailableZoneIds()), e);
    }
  }

  private static String label(String value) {
    if (!Labels.isValue(value)) {
      throw new IllegalArgumentException("");
    }
    return value;
  }
}
