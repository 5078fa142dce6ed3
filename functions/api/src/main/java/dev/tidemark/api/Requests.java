package dev.tidemark.api;

import dev.tidemark.api.json.BackupConfig;
import dev.tidemark.api.json.NewBackup;
import dev.tidemark.api.json.NewRestore;
import dev.tidemark.api.json.NewVerification;
import dev.tidemark.api.json.RestoreConfig;
import dev.tidemark.core.config.ChunkSize;
import dev.tidemark.core.config.Nearest;
import dev.tidemark.core.control.BackupName;
import dev.tidemark.core.control.CreateBackup;
import dev.tidemark.core.control.CreateRestore;
import dev.tidemark.core.control.VaultPlace;
import dev.tidemark.core.control.VerifyBackup;
import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.failure.PermanentFailure.Kind;
import dev.tidemark.core.vault.Compression;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Turns the JSON of requests into requests of the application. */
final class Requests {
  private static final int MAX_CPU_PERCENTAGE = 80;

  private Requests() {}

  static CreateBackup backup(String cluster, NewBackup body) {
    selection(body.include(), body.exclude());
    BackupConfig config = config(body.config());
    return new CreateBackup(
        Query.name("cluster", cluster),
        body.id() == null ? null : Query.backupId(body.id()),
        Query.nameIfSet("vault", body.vault()),
        Query.nameIfSet("policy", body.policy()),
        Query.orEmpty(body.include()),
        Query.orEmpty(body.exclude()),
        base(body.base()),
        body.labels() == null ? Map.of() : Query.checked(body.labels()),
        compression(config.compressionLevel()),
        config.chunkSize() == null ? null : ChunkSize.used(config.chunkSize()));
  }

  private static BackupConfig config(@Nullable BackupConfig config) {
    if (config == null) {
      return new BackupConfig(null, null, null);
    }
    within(
        "config.ChunkSize", config.chunkSize(), ChunkSize.MIN_MEBIBYTES, ChunkSize.MAX_MEBIBYTES);
    within("config.CPUPercentage", config.cpuPercentage(), 1, MAX_CPU_PERCENTAGE);
    return config;
  }

  private static void within(String field, @Nullable Integer value, int min, int max) {
    if (value != null && (value < min || value > max)) {
      throw Query.refused(
          field, "a whole number from %d to %d".formatted(min, max), value.toString());
    }
  }

  private static CreateBackup.Base base(@Nullable String text) {
    if (text == null) {
      return new CreateBackup.Newest();
    }
    return text.equals("none")
        ? new CreateBackup.None()
        : new CreateBackup.Of(Query.backupId(text));
  }

  private static @Nullable Compression compression(@Nullable String name) {
    if (name == null) {
      return null;
    }
    return Compression.named(name)
        .orElseThrow(
            () ->
                Query.refused("config.CompressionLevel", "one of " + Compression.names(), name)
                    .hint(Nearest.hint(name, List.of(Compression.names().split(", ", -1)))));
  }

  static VerifyBackup verification(String cluster, String id, NewVerification body) {
    within("percent", body.percent(), 0, 100);
    return new VerifyBackup(
        backupName(cluster, id, body.vault()), body.percent() == null ? 0 : body.percent());
  }

  static CreateRestore restore(BackupName backup, NewRestore body) {
    selection(body.include(), body.exclude());
    if (body.suffix() != null && !body.suffix().matches("[^/\\x00]{1,100}")) {
      throw Query.refused("suffix", "1 to 100 characters without '/'", body.suffix());
    }
    config(body.config());
    if (Boolean.TRUE.equals(body.overwriteAlias())) {
      throw Query.refused("overwriteAlias", "false, or nothing", "true")
          .hint("no restore takes an alias from another collection; point it at yours afterwards");
    }
    List<CreateRestore.Rename> renames = new ArrayList<>();
    for (NewRestore.Rename rename : Query.orEmpty(body.rename())) {
      renames.add(rename(rename));
    }
    Map<String, String> nodes = new LinkedHashMap<>();
    if (body.nodeMapping() != null) {
      body.nodeMapping().forEach((from, to) -> nodes.put(from, filled("node_mapping", to)));
    }
    return new CreateRestore(
        backup,
        Query.orEmpty(body.include()),
        Query.orEmpty(body.exclude()),
        Query.paths(body.paths()),
        renames,
        body.suffix() == null ? "" : body.suffix(),
        nodes,
        Query.nameIfSet("into", body.into()),
        null,
        Boolean.TRUE.equals(body.replace()));
  }

  private static void config(@Nullable RestoreConfig config) {
    if (config != null) {
      within("config.CPUPercentage", config.cpuPercentage(), 1, MAX_CPU_PERCENTAGE);
      notRestored("config.rolesOptions", config.rolesOptions());
      notRestored("config.usersOptions", config.usersOptions());
    }
  }

  private static void notRestored(String field, @Nullable String option) {
    if (option != null && !option.equals("noRestore")) {
      throw Query.refused(field, "noRestore, since backups hold no users and roles", option);
    }
  }

  private static CreateRestore.Rename rename(NewRestore.@Nullable Rename rename) {
    if (rename == null) {
      throw Query.refused("rename", "an object with from and to", "null");
    }
    String from = filled("rename.from", rename.from());
    String to = filled("rename.to", rename.to());
    if (stars(to) != 0 && stars(to) != stars(from)) {
      throw Query.refused("rename", "as many * in to as in from, or none", from + " to " + to);
    }
    return new CreateRestore.Rename(from, to);
  }

  private static long stars(String text) {
    return text.chars().filter(c -> c == '*').count();
  }

  private static void selection(@Nullable List<String> include, @Nullable List<String> exclude) {
    if (!Query.orEmpty(include).isEmpty() && !Query.orEmpty(exclude).isEmpty()) {
      throw PermanentFailure.of(Kind.INVALID, "include and exclude")
          .expected("one of them")
          .found("both")
          .hint("keep the one that says it best");
    }
    Query.orEmpty(include).forEach(each -> filled("include", each));
    Query.orEmpty(exclude).forEach(each -> filled("exclude", each));
  }

  private static String filled(String field, @Nullable String text) {
    if (text == null || text.isBlank()) {
      throw Query.refused(field, "a name, which may hold *", String.valueOf(text));
    }
    return text;
  }

  static BackupName backupName(String cluster, String id, @Nullable String vault) {
    return new BackupName(Query.backupId(id), Query.name("cluster", cluster), place(vault));
  }

  static @Nullable VaultPlace place(@Nullable String vault) {
    return vault == null ? null : new VaultPlace.Named(Query.name("vault", vault));
  }
}
