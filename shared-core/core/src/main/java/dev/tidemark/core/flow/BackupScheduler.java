package dev.tidemark.core.flow;

import static dev.tidemark.core.failure.PermanentFailure.Kind.CONFLICT;
import static dev.tidemark.core.failure.PermanentFailure.Kind.INVALID;
import static dev.tidemark.core.failure.PermanentFailure.Kind.NOT_FOUND;

import dev.tidemark.core.engine.Catalog;
import dev.tidemark.core.engine.ClusterDescription;
import dev.tidemark.core.engine.StorageEngine;
import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.failure.TransientFailure;
import dev.tidemark.core.state.Commit;
import dev.tidemark.core.vault.Compression;
import dev.tidemark.core.vault.TreeDigest;
import dev.tidemark.core.vault.VaultKeys;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Turns a request into a run. Everything that a person may have got wrong is refused here, before
 * anything is started; then one commit makes the run, takes the engine, the id and the base.
 */
final class BackupScheduler {
  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss").withZone(ZoneOffset.UTC);

  /** How often a lost race for the commit is run again. */
  private static final int TRIES = 5;

  private final Platform platform;
  private final Ledger ledger;
  private final Archives archives;
  private final Ownership ownership;
  private final Watchdog watchdog;

  BackupScheduler(Platform platform, Ledger ledger, Archives archives, Watchdog watchdog) {
    this.platform = platform;
    this.ledger = ledger;
    this.archives = archives;
    this.watchdog = watchdog;
    this.ownership = new Ownership(platform);
  }

  /** The run of a request: a new one, or the one that the same request has. */
  Accepted create(BackupRequest request) {
    String config = platform.site().newest();
    Site.Cluster cluster = platform.site().cluster(config, request.cluster());
    String vaultName = request.vault() == null ? cluster.vault() : request.vault();
    Archive archive = archives.of(config, vaultName);
    requireForm(request);
    String digest = digest(request);
    for (int attempt = 0; attempt < TRIES; attempt++) {
      Optional<Accepted> before = sameRequest(request, vaultName, digest);
      if (before.isPresent()) {
        return before.get();
      }
      requireFreeEngine(request.cluster());
      Optional<Accepted> made = start(request, digest, config, cluster, vaultName, archive);
      if (made.isPresent()) {
        return made.get();
      }
    }
    throw new TransientFailure(
        "backup of " + request.cluster() + ": others changed its rows " + TRIES + " times");
  }

  private Optional<Accepted> start(
      BackupRequest request,
      String digest,
      String config,
      Site.Cluster cluster,
      String vaultName,
      Archive archive) {
    StorageEngine engine = platform.site().engine(config, request.cluster());
    ClusterDescription description = engine.catalog().describe();
    Selection selection =
        Selection.of(
            request.include(),
            request.exclude(),
            description.collections(),
            () -> shardNames(engine.catalog()));
    engine.source().check(description.collections().stream().filter(selection::touches).toList());
    String partition = Rows.cluster(request.cluster());
    Instant now = platform.clock().instant();
    String writer = platform.ids().text(12);
    String id =
        request.backupId() != null
            ? request.backupId()
            : STAMP.format(now) + "-" + platform.ids().text(4);
    Optional<Held<IdentityRow>> known = ledger.find(partition, Rows.IDENTITY, IdentityRow.class);
    boolean same =
        known.isPresent() && known.get().value().fingerprint().equals(description.fingerprint());
    String clusterId =
        same ? known.get().value().clusterId() : request.cluster() + "-" + platform.ids().text(8);
    requireUnknownToVault(archive, clusterId, id);
    ownership.requireOurs(archive.vault(), clusterId);
    Optional<Held<BackupRow>> base = base(request, vaultName, archive, clusterId);

    RunRow run =
        new RunRow(
            1,
            RunRow.Kind.BACKUP,
            Status.STARTED,
            request.cluster(),
            request.cluster(),
            clusterId,
            writer,
            vaultName,
            id,
            config,
            now.toEpochMilli(),
            now.toEpochMilli(),
            0,
            false,
            false,
            0,
            -1,
            false,
            facts(request, digest, cluster, description, base.map(Held::value).orElse(null)),
            null,
            "");
    Commit commit =
        Commit.in(partition)
            .create(Rows.run(writer), RowCodec.write(run))
            .create(
                Rows.ENGINE,
                RowCodec.write(new EngineRow(1, run.id(), "backup", id, now.toEpochMilli())))
            .create(Rows.backup(vaultName, id), RowCodec.write(BackupRow.running(run)));
    if (known.isEmpty()) {
      commit =
          commit.create(
              Rows.IDENTITY,
              RowCodec.write(new IdentityRow(1, clusterId, description.fingerprint())));
    } else if (!same) {
      commit =
          commit.replace(
              known.get().row(),
              RowCodec.write(new IdentityRow(1, clusterId, description.fingerprint())));
    } else {
      commit = commit.require(known.get().row());
    }
    if (base.isPresent()) {
      commit =
          commit.replace(base.get().row(), RowCodec.write(base.get().value().pinned(run.id())));
    }
    watchdog.armAhead(run.id());
    ledger.noteCluster(request.cluster());
    return ledger.commit(commit)
        ? Optional.of(new Accepted(run.id(), id, Status.STARTED, true))
        : Optional.empty();
  }

  private static List<String> shardNames(Catalog catalog) {
    List<String> names = new ArrayList<>();
    ShardPages.each(catalog, shard -> names.add(shard.canonicalName()));
    return names;
  }

  private static RunRow.BackupFacts facts(
      BackupRequest request,
      String digest,
      Site.Cluster cluster,
      ClusterDescription description,
      @Nullable BackupRow base) {
    return new RunRow.BackupFacts(
        cluster.engine(),
        description.version(),
        description.fingerprint(),
        description.consistency(),
        description.scope(),
        request.include(),
        request.exclude(),
        base == null ? null : base.backupId(),
        base == null ? null : base.clusterId(),
        new TreeMap<>(request.labels()),
        request.policy(),
        compression(request, cluster).word(),
        chunkBytes(request, cluster),
        digest);
  }

  private Optional<Accepted> sameRequest(BackupRequest request, String vault, String digest) {
    if (request.backupId() == null) {
      return Optional.empty();
    }
    String partition = Rows.cluster(request.cluster());
    Optional<BackupRow> taken =
        ledger
            .find(partition, Rows.backup(vault, request.backupId()), BackupRow.class)
            .map(Held::value);
    if (taken.isEmpty()) {
      return Optional.empty();
    }
    BackupRow backup = taken.get();
    String run = request.cluster() + "." + backup.summary().writer();
    if (!backup.request().equals(digest)) {
      throw PermanentFailure.of(CONFLICT, "backup id '" + backup.backupId() + "'")
          .expected("an id that is not in use")
          .found(
              "it is that of another backup of %s in vault %s (%s)"
                  .formatted(request.cluster(), vault, backup.state()))
          .hint("choose another id; ids are never used again")
          .run(run);
    }
    Status status = ledger.run(run).map(r -> r.value().status()).orElse(Status.SUCCESS);
    return Optional.of(new Accepted(run, backup.backupId(), status, false));
  }

  private void requireFreeEngine(String cluster) {
    ledger
        .find(Rows.cluster(cluster), Rows.ENGINE, EngineRow.class)
        .map(Held::value)
        .ifPresent(
            holder -> {
              throw busy(cluster, holder);
            });
  }

  static PermanentFailure busy(String cluster, EngineRow holder) {
    return PermanentFailure.of(CONFLICT, "cluster " + cluster)
        .expected("no active run")
        .found(
            "the %s %s, run %s, active since %s"
                .formatted(
                    holder.kind(),
                    holder.backupId(),
                    holder.run(),
                    Instant.ofEpochMilli(holder.since())))
        .hint("wait until it has ended, resume it, or cancel it")
        .run(holder.run());
  }

  private static void requireUnknownToVault(Archive archive, String clusterId, String id) {
    if (archive.knows(clusterId, id)) {
      throw PermanentFailure.of(CONFLICT, "backup id '" + id + "'")
          .expected("an id that is not in use")
          .found("vault " + archive.vault().id() + " has a manifest or a tombstone of that id")
          .hint("choose another id, or run `catalog rebuild` if this table lost its backups");
    }
  }

  private Optional<Held<BackupRow>> base(
      BackupRequest request, String vault, Archive archive, String clusterId) {
    String wished = request.base();
    if ("none".equals(wished)) {
      return Optional.empty();
    }
    String partition = Rows.cluster(request.cluster());
    if (wished != null) {
      Held<BackupRow> found =
          ledger
              .find(partition, Rows.backup(vault, wished), BackupRow.class)
              .orElseThrow(() -> noBase(wished, NOT_FOUND, "no such backup in vault " + vault));
      if (found.value().state() != BackupRow.State.SEALED) {
        throw noBase(wished, CONFLICT, "it is " + found.value().state());
      }
      if (!found.value().clusterId().equals(clusterId)) {
        throw noBase(
            wished,
            CONFLICT,
            "it is of cluster id %s, and %s is now %s"
                .formatted(found.value().clusterId(), request.cluster(), clusterId));
      }
      if (archive.vault().isDeleted(clusterId, wished)) {
        throw noBase(wished, CONFLICT, "it was deleted: the vault has its tombstone");
      }
      if (!archive.vault().exists(clusterId, wished)) {
        throw noBase(wished, NOT_FOUND, "the vault does not have its manifest any more");
      }
      return Optional.of(found);
    }
    Held<BackupRow> newest = null;
    for (Held<BackupRow> each : ledger.all(partition, Rows.backups(vault), BackupRow.class)) {
      if (each.value().goodBaseFor(clusterId)
          && (newest == null
              || each.value().summary().sealed() > newest.value().summary().sealed())) {
        newest = each;
      }
    }
    return Optional.ofNullable(newest);
  }

  private static PermanentFailure noBase(String id, PermanentFailure.Kind kind, String found) {
    return PermanentFailure.of(kind, "base '" + id + "'")
        .expected("a sealed backup of the same cluster id in the same vault")
        .found(found)
        .hint("leave --base out for the newest good backup, or give --base none");
  }

  private static void requireForm(BackupRequest request) {
    String id = request.backupId();
    if (id != null && !VaultKeys.isBackupId(id)) {
      throw PermanentFailure.of(INVALID, "backup id '" + id + "'")
          .expected("1 to 128 characters of a-z 0-9 _ -")
          .found(id.length() + " characters, with others among them")
          .hint("choose an id of those characters");
    }
    if (!request.include().isEmpty() && !request.exclude().isEmpty()) {
      Selection.of(request.include(), request.exclude(), List.of(), List::of);
    }
    Integer chunk = request.chunkMib();
    if (chunk != null && (chunk < 2 || chunk > 512)) {
      throw PermanentFailure.of(INVALID, "chunk size " + chunk)
          .expected("2 to 512 MiB")
          .found(chunk.toString())
          .hint("32 suits most clusters");
    }
  }

  private static Compression compression(BackupRequest request, Site.Cluster cluster) {
    String name = request.compression();
    if (name == null) {
      return cluster.compression();
    }
    return Compression.named(name)
        .orElseThrow(
            () ->
                PermanentFailure.of(INVALID, "compression '" + name + "'")
                    .expected("one of " + Compression.names())
                    .found("no such name"));
  }

  private static long chunkBytes(BackupRequest request, Site.Cluster cluster) {
    Integer mib = request.chunkMib();
    return mib == null ? cluster.chunkBytes() : chunkBytes(mib);
  }

  /** The chunk size that is used for one that was asked for: a multiple of 8 MiB from 8 to 56. */
  public static long chunkBytes(int mib) {
    int rounded = Math.round(mib / 8f) * 8;
    return (long) Math.max(8, Math.min(56, rounded)) << 20;
  }

  private static String digest(BackupRequest request) {
    return TreeDigest.sha256Hex(RowCodec.write(request).getBytes(StandardCharsets.UTF_8));
  }
}
