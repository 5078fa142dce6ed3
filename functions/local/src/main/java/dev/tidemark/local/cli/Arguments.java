package dev.tidemark.local.cli;

import dev.tidemark.core.config.ChunkSize;
import dev.tidemark.core.config.Durations;
import dev.tidemark.core.config.Labels;
import dev.tidemark.core.config.Nearest;
import dev.tidemark.core.control.CreateBackup;
import dev.tidemark.core.control.CreateRestore;
import dev.tidemark.core.control.Status;
import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.failure.PermanentFailure.Kind;
import dev.tidemark.core.tree.EntryPath;
import dev.tidemark.core.vault.Compression;
import dev.tidemark.local.app.VerifyRequest;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the values of options; what cannot be read is refused with what was expected. */
final class Arguments {
  private static final Pattern RUN = Pattern.compile("[a-z0-9-]{1,40}[.][a-z0-9]{12}");
  private static final Pattern BACKUP_ID = Pattern.compile("[a-z0-9_-]{1,128}");
  private static final int MAX_LIMIT = 100_000;

  private Arguments() {}

  static String backupId(String text) {
    if (!BACKUP_ID.matcher(text).matches()) {
      throw refused("backup id", "1 to 128 of a-z, 0-9, _ and -", text).hint("no capitals");
    }
    return text;
  }

  static CreateBackup.Base base(@Nullable String text) {
    if (text == null) {
      return new CreateBackup.Newest();
    }
    return text.equals("none") ? new CreateBackup.None() : new CreateBackup.Of(backupId(text));
  }

  /** Names of collections, {@code *} in them; one of the two lists is empty. */
  static void selection(List<String> include, List<String> exclude) {
    if (!include.isEmpty() && !exclude.isEmpty()) {
      throw PermanentFailure.of(Kind.INVALID, "--include and --exclude")
          .expected("one of them")
          .found("both")
          .hint("keep the one that says it best");
    }
    for (String pattern : include) {
      filled("--include", "a collection's name, which may hold *", pattern);
    }
    for (String pattern : exclude) {
      filled("--exclude", "a collection's name, which may hold *", pattern);
    }
  }

  static Map<String, String> labels(List<String> texts) {
    Map<String, String> labels = new TreeMap<>();
    for (String text : texts) {
      int equals = text.indexOf('=');
      if (equals < 0) {
        throw refused("--label", "NAME=VALUE", text);
      }
      String key = text.substring(0, equals);
      String value = text.substring(equals + 1);
      if (!Labels.isKey(key)) {
        throw refused("--label", Labels.KEY_EXPECTED, key);
      }
      if (!Labels.isValue(value)) {
        throw refused("--label " + key, Labels.VALUE_EXPECTED, value);
      }
      if (labels.put(key, value) != null) {
        throw PermanentFailure.of(Kind.INVALID, "--label " + key)
            .expected("each label once")
            .found("it twice");
      }
    }
    return labels;
  }

  static @Nullable Compression compression(@Nullable String name) {
    if (name == null) {
      return null;
    }
    return Compression.named(name)
        .orElseThrow(
            () ->
                refused("--compression", "one of " + Compression.names(), name)
                    .hint(Nearest.hint(name, List.of(Compression.names().split(", ")))));
  }

  /** As it is used. */
  static @Nullable Integer chunkMebibytes(@Nullable String text) {
    return text == null
        ? null
        : ChunkSize.used(
            number("--chunk-size", text, ChunkSize.MIN_MEBIBYTES, ChunkSize.MAX_MEBIBYTES));
  }

  static String run(String text) {
    if (!RUN.matcher(text).matches()) {
      throw refused("run", "CLUSTER.WRITER", text).hint("see 'tidemark run list'");
    }
    return text;
  }

  static int limit(String text) {
    return (int) number("--limit", text, 1, MAX_LIMIT);
  }

  static Set<Status> statuses(List<String> texts) {
    Set<Status> statuses = EnumSet.noneOf(Status.class);
    List<String> names = Arrays.stream(Status.values()).map(Status::name).toList();
    for (String text : texts) {
      String name = text.toUpperCase(Locale.ROOT);
      if (!names.contains(name)) {
        throw refused("--status", "one of " + String.join(", ", names), text)
            .hint(Nearest.hint(name, names));
      }
      statuses.add(Status.valueOf(name));
    }
    return statuses;
  }

  /** A time, a date (its first moment here), or how long ago. */
  static @Nullable Instant since(@Nullable String text, Environment environment) {
    if (text == null) {
      return null;
    }
    try {
      if (text.matches("[0-9]{4}-[0-9]{2}-[0-9]{2}")) {
        return LocalDate.parse(text).atStartOfDay(environment.zone()).toInstant();
      }
      if (text.matches("[0-9]{4}-.*")) {
        return text.matches(".*(Z|[+-][0-9]{2}:[0-9]{2})")
            ? java.time.OffsetDateTime.parse(text).toInstant()
            : LocalDateTime.parse(text).atZone(environment.zone()).toInstant();
      }
      return environment.clock().instant().minus(Durations.parse(text));
    } catch (DateTimeException | IllegalArgumentException e) {
      throw refused("--since", "how long ago, a date or a time", text)
          .hint("like 7d, 2026-11-01 or 2026-11-01T08:30")
          .cause(e);
    }
  }

  static List<EntryPath> paths(List<String> texts) {
    List<EntryPath> paths = new ArrayList<>();
    for (String text : texts) {
      try {
        EntryPath path = PathText.read(text);
        if (path.isRoot()) {
          throw refused("--path", "a path that begins with a collection", text);
        }
        paths.add(path);
      } catch (IllegalArgumentException e) {
        String hint = e.getMessage() == null ? "" : e.getMessage();
        throw refused("--path", "a path in the backup, like collection/shard/file", text)
            .hint(hint)
            .cause(e);
      }
    }
    return paths;
  }

  static List<CreateRestore.Rename> renames(List<String> texts) {
    List<CreateRestore.Rename> renames = new ArrayList<>();
    for (String text : texts) {
      int equals = text.indexOf('=');
      if (equals < 1 || equals == text.length() - 1 || text.indexOf('=', equals + 1) >= 0) {
        throw refused("--rename", "FROM=TO", text).hint("like 'docs=docs2' or 'a-*=b-*'");
      }
      String from = text.substring(0, equals);
      String to = text.substring(equals + 1);
      if (stars(to) != 0 && stars(to) != stars(from)) {
        throw refused("--rename", "as many * in TO as in FROM, or none", text);
      }
      renames.add(new CreateRestore.Rename(from, to));
    }
    return renames;
  }

  static Map<String, String> nodes(List<String> texts) {
    Map<String, String> nodes = new LinkedHashMap<>();
    for (String text : texts) {
      int equals = text.indexOf('=');
      if (equals < 1 || equals == text.length() - 1) {
        throw refused("--node", "FROM=TO", text).hint("like 'n1=n3'");
      }
      if (nodes.putIfAbsent(text.substring(0, equals), text.substring(equals + 1)) != null) {
        throw refused("--node", "each FROM once", text);
      }
    }
    return nodes;
  }

  static OptionalInt port(@Nullable String text) {
    if (text == null) {
      return OptionalInt.empty();
    }
    if (!text.matches("[0-9]{1,5}") || Integer.parseInt(text) > 65_535) {
      throw refused("--metrics-port", "a port from 0 to 65535", text);
    }
    return OptionalInt.of(Integer.parseInt(text));
  }

  /** Without a trailing slash or {@code /v1}. */
  static URI server(String text) {
    String base = text.replaceFirst("/+$", "").replaceFirst("/v1$", "");
    if (base.matches("https?://[^/?#@\\s]+(/[^?#\\s]*)?")) {
      try {
        return new URI(base);
      } catch (URISyntaxException e) {
        throw refused("--server", "a URL", text).hint("like https://backup.example:8443").cause(e);
      }
    }
    throw refused("--server", "a URL", text).hint("like https://backup.example:8443");
  }

  static String suffix(@Nullable String text) {
    if (text == null) {
      return "";
    }
    if (!text.matches("[^/\\x00]{1,100}")) {
      throw refused("--suffix", "1 to 100 characters without '/'", text);
    }
    return text;
  }

  static VerifyRequest.Level level(String text) {
    if (text.equals("structure")) {
      return new VerifyRequest.Structure();
    }
    if (text.equals("full")) {
      return new VerifyRequest.Full();
    }
    if (text.matches("sample:[0-9]{1,3}([.][0-9]{1,3})?%?")) {
      double percent = Double.parseDouble(text.substring("sample:".length()).replace("%", ""));
      if (percent > 0 && percent <= 100) {
        return new VerifyRequest.Sample(percent);
      }
    }
    throw refused("--level", "structure, sample:PERCENT or full", text).hint("like sample:5");
  }

  static String filled(String option, String expected, String text) {
    if (text.isBlank()) {
      throw refused(option, expected, text);
    }
    return text;
  }

  static PermanentFailure refused(String subject, String expected, String found) {
    return PermanentFailure.of(Kind.INVALID, subject)
        .expected(expected)
        .found(found.isEmpty() ? "nothing" : "'" + found + "'");
  }

  private static long number(String option, String text, long min, long max) {
    if (text.matches("[0-9]{1,9}")) {
      long number = Long.parseLong(text);
      if (number >= min && number <= max) {
        return number;
      }
    }
    throw refused(option, "a whole number from %d to %d".formatted(min, max), text);
  }

  private static long stars(String text) {
    return text.chars().filter(c -> c == '*').count();
  }
}
