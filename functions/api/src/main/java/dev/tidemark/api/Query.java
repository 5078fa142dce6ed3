package dev.tidemark.api;

import dev.tidemark.api.json.Patterns;
import dev.tidemark.core.config.Labels;
import dev.tidemark.core.config.Nearest;
import dev.tidemark.core.control.Status;
import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.failure.PermanentFailure.Kind;
import dev.tidemark.core.tree.EntryPath;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Reads what stands in paths and queries; what cannot be read is refused. */
final class Query {
  static final int MAX_LIMIT = 1000;
  private static final int DEFAULT_LIMIT = 100;

  private Query() {}

  static int limit(@Nullable Integer limit) {
    if (limit == null) {
      return DEFAULT_LIMIT;
    }
    if (limit < 1 || limit > MAX_LIMIT) {
      throw refused("limit", "a whole number from 1 to " + MAX_LIMIT, limit.toString());
    }
    return limit;
  }

  static Pages.Order order(@Nullable String text) {
    if (text == null || text.equals("desc")) {
      return Pages.Order.NEWEST_FIRST;
    }
    if (text.equals("asc")) {
      return Pages.Order.OLDEST_FIRST;
    }
    throw refused("order", "asc or desc", text);
  }

  static Set<Status> statuses(@Nullable List<String> texts) {
    Set<Status> statuses = EnumSet.noneOf(Status.class);
    List<String> names = Arrays.stream(Status.values()).map(Status::name).toList();
    for (String text : orEmpty(texts)) {
      if (!names.contains(text)) {
        throw refused("status", "one of " + String.join(", ", names), text)
            .hint(Nearest.hint(text, names));
      }
      statuses.add(Status.valueOf(text));
    }
    return statuses;
  }

  static @Nullable Instant since(@Nullable String text) {
    try {
      return text == null ? null : OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeException e) {
      throw refused("since", "a time like 2026-11-01T08:30:00Z", text).cause(e);
    }
  }

  /** Each {@code name=value}. */
  static Map<String, String> labels(@Nullable List<String> texts) {
    Map<String, String> labels = new TreeMap<>();
    for (String text : orEmpty(texts)) {
      int equals = text.indexOf('=');
      if (equals < 0) {
        throw refused("label", "name=value", text);
      }
      labels.put(text.substring(0, equals), text.substring(equals + 1));
    }
    return checked(labels);
  }

  static Map<String, String> checked(Map<String, String> labels) {
    labels.forEach(
        (key, value) -> {
          if (!Labels.isKey(key)) {
            throw refused("label", Labels.KEY_EXPECTED, key);
          }
          if (value == null || !Labels.isValue(value)) {
            throw refused("label " + key, Labels.VALUE_EXPECTED, String.valueOf(value));
          }
        });
    return labels;
  }

  static List<EntryPath> paths(@Nullable List<String> texts) {
    List<EntryPath> paths = new ArrayList<>();
    for (String text : orEmpty(texts)) {
      if (text == null) {
        throw refused("path", "a text", "null");
      }
      try {
        EntryPath path = EntryPath.parse(text);
        if (path.isRoot()) {
          throw new IllegalArgumentException("the root");
        }
        paths.add(path);
      } catch (IllegalArgumentException e) {
        throw refused("path", "collection/shard/path as the contents of a backup show it", text)
            .cause(e);
      }
    }
    return paths;
  }

  static String name(String subject, String text) {
    if (!text.matches(Patterns.NAME)) {
      throw refused(subject, "1 to 40 of a-z, 0-9 and -", text);
    }
    return text;
  }

  static @Nullable String nameIfSet(String subject, @Nullable String text) {
    return text == null ? null : name(subject, text);
  }

  static String backupId(String text) {
    if (!text.matches(Patterns.BACKUP_ID)) {
      throw refused("backup id", "1 to 128 of a-z, 0-9, _ and -", text);
    }
    return text;
  }

  static String run(String text) {
    if (!text.matches(Patterns.RUN)) {
      throw refused("run", "<cluster>.<writer>", text).hint("GET /v1/runs shows what there is");
    }
    return text;
  }

  static <T> List<T> orEmpty(@Nullable List<T> list) {
    return list == null ? List.of() : list;
  }

  static PermanentFailure refused(String subject, String expected, String found) {
    return PermanentFailure.of(Kind.INVALID, subject)
        .expected(expected)
        .found(found.isEmpty() ? "nothing" : "'" + found + "'");
  }
}
