package dev.tidemark.local;

import static dev.tidemark.core.failure.PermanentFailure.Kind.CONFLICT;
import static dev.tidemark.core.failure.PermanentFailure.Kind.INVALID;
import static dev.tidemark.core.failure.PermanentFailure.Kind.NOT_FOUND;

import dev.tidemark.core.config.Configuration;
import dev.tidemark.core.config.PolicyConfig;
import dev.tidemark.core.contents.BackupContents;
import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.flow.BackupRequest;
import dev.tidemark.core.flow.RestorePreview;
import dev.tidemark.core.flow.RestoreRequest;
import dev.tidemark.core.tree.EntryPath;
import dev.tidemark.core.tree.FileType;
import dev.tidemark.core.vault.Entry;
import dev.tidemark.core.vault.Manifest;
import dev.tidemark.core.vault.Vault;
import dev.tidemark.local.app.BackupDetails;
import dev.tidemark.local.app.BackupFilter;
import dev.tidemark.local.app.BackupName;
import dev.tidemark.local.app.BackupView;
import dev.tidemark.local.app.ContentsRequest;
import dev.tidemark.local.app.CreateBackup;
import dev.tidemark.local.app.CreateRestore;
import dev.tidemark.local.app.DiffTotals;
import dev.tidemark.local.app.DiffView;
import dev.tidemark.local.app.RebuildReport;
import dev.tidemark.local.app.RestorePlan;
import dev.tidemark.local.app.RunFilter;
import dev.tidemark.local.app.RunView;
import dev.tidemark.local.app.Serving;
import dev.tidemark.local.app.Tidemark;
import dev.tidemark.local.app.VaultCheck;
import dev.tidemark.local.app.VaultPlace;
import dev.tidemark.local.app.VaultStats;
import dev.tidemark.local.app.VaultView;
import dev.tidemark.local.app.VerifyReport;
import dev.tidemark.local.app.VerifyRequest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The application on one state folder: every call over the same flow that functions run. */
public final class LocalTidemark implements Tidemark {
  private final Configuration configuration;
  private final LocalHost host;
  private final BackupFinder finder;
  private final Views views;

  private LocalTidemark(Configuration configuration, LocalHost host) {
    this.configuration = configuration;
    this.host = host;
    this.finder = new BackupFinder(configuration, host.site(), host.register());
    this.views = new Views(host.register(), finder, host.site());
  }

  /**
   * Opens the application.
   *
   * @param state the state folder, which may be absent
   */
  public static LocalTidemark open(Configuration configuration, Path state, JsonLog log) {
    return new LocalTidemark(configuration, new LocalHost(configuration, state, log));
  }

  @Override
  public RunView createBackup(CreateBackup request) {
    configuration.cluster(request.cluster());
    BackupRequest wanted = wanted(request);
    finder.requireWritable(
        configuration
            .vault(
                wanted.vault() == null
                    ? configuration.cluster(request.cluster()).vault()
                    : wanted.vault())
            .name());
    return run(host.dispatcher().backup(wanted).run());
  }

  /** What a request does not say, its policy does. */
  private BackupRequest wanted(CreateBackup request) {
    BackupRequest plain =
        new BackupRequest(
            request.cluster(),
            request.vault(),
            request.id(),
            request.include(),
            request.exclude(),
            base(request.base()),
            request.labels(),
            request.policy(),
            request.compression() == null ? null : request.compression().word(),
            request.chunkMebibytes());
    return request.policy() == null
        ? plain
        : PolicyRequests.completed(plain, policy(request.policy(), request.cluster()));
  }

  private PolicyConfig policy(String name, String cluster) {
    PolicyConfig policy = configuration.policy(name);
    if (!policy.clusters().contains(cluster)) {
      throw PermanentFailure.of(INVALID, "policy '" + name + "'")
          .expected("a policy of cluster " + cluster)
          .found("one of " + String.join(", ", policy.clusters()))
          .hint("correct the policy or the cluster");
    }
    return policy;
  }

  private static @Nullable String base(CreateBackup.Base base) {
    if (base instanceof CreateBackup.Of of) {
      return of.id();
    }
    return base instanceof CreateBackup.None ? "none" : null;
  }

  @Override
  public void serve(OptionalInt metricsPort, Serving serving) {
    new LocalServer(configuration, host, serving).serve(metricsPort);
  }

  @Override
  public List<BackupView> backups(BackupFilter filter) {
    return finder.all(filter.cluster(), filter.vault()).stream()
        .map(views::backup)
        .filter(view -> filter.statuses().isEmpty() || filter.statuses().contains(view.status()))
        .filter(view -> view.labels().entrySet().containsAll(filter.labels().entrySet()))
        .filter(view -> filter.since() == null || !view.startedAt().isBefore(filter.since()))
        .sorted((a, b) -> b.startedAt().compareTo(a.startedAt()))
        .limit(filter.limit())
        .toList();
  }

  @Override
  public BackupDetails backup(BackupName name) {
    return views.details(finder.one(name));
  }

  @Override
  public void contents(ContentsRequest request, Consumer<EntryView> entries) {
    BackupFinder.Found found = finder.one(request.backup());
    Manifest manifest = finder.manifest(found);
    var contents = new BackupContents(vault(found));
    Map<String, EntryView> shards = new LinkedHashMap<>();
    List<EntryPath> paths = new ArrayList<>(request.paths());
    contents.units(
        manifest,
        unit ->
            unit.shards()
                .forEach(
                    shard ->
                        shards.put(
                            shard.canonicalName(),
                            new EntryView(shard.collection(), shard.shard(), NOTHING))));
    boolean[] any = {request.paths().isEmpty()};
    contents.entries(
        manifest,
        touches(paths),
        EntryPath.ROOT,
        item -> {
          if (paths.isEmpty() || paths.stream().anyMatch(path -> whole(item).startsWith(path))) {
            any[0] = true;
            EntryView shard = shards.getOrDefault(item.shard(), EMPTY);
            entries.accept(new EntryView(shard.collection(), shard.shard(), item.entry()));
          }
        });
    if (!any[0]) {
      throw PermanentFailure.of(NOT_FOUND, "path '" + paths.get(0) + "'")
          .expected("an entry of backup " + found.backupId())
          .found("none there or below")
          .hint("leave the path out to list everything");
    }
  }

  private static final Entry NOTHING =
      new Entry(
          new dev.tidemark.core.tree.FileMeta(
              EntryPath.ROOT, FileType.DIRECTORY, 0, 0, 0, 0, 0, 0, null),
          "",
          false,
          false,
          null,
          List.of());
  private static final EntryView EMPTY = new EntryView("", "", NOTHING);

  private static Predicate<String> touches(List<EntryPath> paths) {
    return shard -> {
      EntryPath name = EntryPath.parse(shard);
      return paths.isEmpty()
          || paths.stream().anyMatch(path -> name.startsWith(path) || path.startsWith(name));
    };
  }

  private static EntryPath whole(BackupContents.Item item) {
    return item.entry().path().isRoot()
        ? EntryPath.parse(item.shard())
        : EntryPath.parse(item.shard() + "/" + item.entry().path());
  }

  @Override
  public DiffTotals diff(BackupName from, BackupName to, Consumer<DiffView> differences) {
    BackupFinder.Found older = finder.one(from);
    BackupFinder.Found newer = finder.one(to);
    if (!older.cluster().equals(newer.cluster()) || !older.vault().equals(newer.vault())) {
      throw PermanentFailure.of(INVALID, "a comparison of " + from.id() + " and " + to.id())
          .expected("two backups of one cluster in one vault")
          .found(older.cluster() + " and " + newer.cluster());
    }
    return new Differences(vault(newer), differences)
        .compare(finder.manifest(older), finder.manifest(newer));
  }

  @Override
  public RunView cancelBackup(BackupName name) {
    return cancel(runOf(name));
  }

  @Override
  public RunView resumeBackup(BackupName name) {
    return resume(runOf(name));
  }

  private String runOf(BackupName name) {
    BackupFinder.Found found = finder.one(name);
    if (found.row() == null || host.register().run(found.row().run()).isEmpty()) {
      throw PermanentFailure.of(CONFLICT, "backup " + name.id())
          .expected("a run of this deployment")
          .found("a backup that only the vault knows")
          .hint("use the state folder of the deployment that makes it");
    }
    return found.row().run();
  }

  private RunView cancel(String run) {
    host.dispatcher().cancel(run);
    return run(run);
  }

  private RunView resume(String run) {
    host.dispatcher().resume(run);
    return run(run);
  }

  @Override
  public RestorePlan planRestore(CreateRestore request) {
    BackupFinder.Found found = finder.one(request.backup());
    RestorePreview preview = host.dispatcher().preview(request(request, found));
    return views.plan(preview, found);
  }

  @Override
  public RunView createRestore(CreateRestore request) {
    BackupFinder.Found found = finder.one(request.backup());
    return run(host.dispatcher().restore(request(request, found)).run());
  }

  private RestoreRequest request(CreateRestore request, BackupFinder.Found found) {
    finder.manifest(found);
    Path to = request.to();
    String cluster = request.into() == null ? found.cluster() : request.into();
    if (to == null) {
      configuration.cluster(cluster);
    }
    Map<String, String> renames = new LinkedHashMap<>();
    request.renames().forEach(rename -> renames.putIfAbsent(rename.from(), rename.to()));
    return new RestoreRequest(
        cluster,
        found.cluster(),
        found.vault(),
        found.backupId(),
        request.include(),
        request.exclude(),
        request.paths().stream().map(EntryPath::toString).toList(),
        renames,
        request.nodes(),
        request.suffix(),
        to == null ? "" : to.toString(),
        request.replace());
  }

  @Override
  public RunView cancelRestore(String run) {
    requireRestore(run);
    return cancel(run);
  }

  @Override
  public RunView resumeRestore(String run) {
    requireRestore(run);
    return resume(run);
  }

  private void requireRestore(String run) {
    if (run(run).kind() != RunView.Kind.RESTORE) {
      throw PermanentFailure.of(INVALID, "run " + run)
          .expected("a restore")
          .found("a backup")
          .hint("use the commands of `tidemark backup`, with the id of the backup");
    }
  }

  @Override
  public RunView run(String run) {
    return host.register()
        .run(run)
        .map(views::run)
        .orElseThrow(
            () ->
                PermanentFailure.of(NOT_FOUND, "run '" + run + "'")
                    .expected("a run of this deployment")
                    .found("none of that id")
                    .hint("`tidemark run list` shows what there is"));
  }

  @Override
  public List<RunView> runs(RunFilter filter) {
    if (filter.cluster() != null && !host.register().clusters().contains(filter.cluster())) {
      configuration.cluster(filter.cluster());
    }
    return host.register().clusters().stream()
        .filter(cluster -> filter.cluster() == null || cluster.equals(filter.cluster()))
        .flatMap(cluster -> host.register().runs(cluster).stream())
        .map(views::run)
        .filter(view -> filter.statuses().isEmpty() || filter.statuses().contains(view.status()))
        .filter(view -> filter.since() == null || !view.startedAt().isBefore(filter.since()))
        .sorted((a, b) -> b.startedAt().compareTo(a.startedAt()))
        .limit(filter.limit())
        .toList();
  }

  @Override
  public RunView await(String run, ProgressListener listener) {
    run(run);
    new RunAwaiter(host, run, listener).await();
    return run(run);
  }

  @Override
  public VerifyReport verify(VerifyRequest request, ProgressListener listener) {
    return new Verification(host.site(), finder).verify(request, listener);
  }

  @Override
  public RebuildReport rebuildCatalog(VaultPlace place, ProgressListener listener) {
    String vault = finder.name(place);
    var rebuilt = host.rebuilder().rebuild(vault);
    return new RebuildReport(
        vault,
        finder.place(vault),
        rebuilt.clusters(),
        rebuilt.backups(),
        rebuilt.deleted(),
        List.copyOf(rebuilt.taken().keySet()),
        rebuilt.leftovers(),
        rebuilt.damaged());
  }

  @Override
  public VaultView createVault(VaultPlace place) {
    String name = finder.name(place);
    return new VaultMaker(host.site(), host.clock()).make(name);
  }

  @Override
  public VaultCheck checkVault(VaultPlace place) {
    String name = finder.name(place);
    String config = host.site().newest();
    Vault vault = host.site().vault(config, name);
    return new VaultCheck(
        name,
        finder.place(name),
        vault.id(),
        VaultMaker.probed(host.site().store(config, name), host.clock()));
  }

  @Override
  public VaultStats vaultStats(VaultPlace place) {
    String name = finder.name(place);
    return views.stats(name, host.site().vault(host.site().newest(), name));
  }

  private Vault vault(BackupFinder.Found found) {
    return host.site().vault(host.site().newest(), found.vault());
  }

  @Override
  public void close() {
    host.close();
  }
}
