package dev.tidemark.core.control;

import static dev.tidemark.core.failure.PermanentFailure.Kind.CONFLICT;
import static dev.tidemark.core.failure.PermanentFailure.Kind.INVALID;
import static dev.tidemark.core.failure.PermanentFailure.Kind.NOT_FOUND;

import dev.tidemark.core.config.Configuration;
import dev.tidemark.core.config.PolicyConfig;
import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.flow.BackupRequest;
import dev.tidemark.core.flow.Dispatcher;
import dev.tidemark.core.flow.Register;
import dev.tidemark.core.flow.RestorePreview;
import dev.tidemark.core.flow.RestoreRequest;
import dev.tidemark.core.flow.VerifyRequest;
import dev.tidemark.core.time.Ids;
import dev.tidemark.core.tree.EntryPath;
import dev.tidemark.core.vault.Manifest;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Answers from the flow: its dispatcher starts runs, its table and the vaults know the rest. */
public class FlowControl implements Control {
  private final Configuration configuration;
  private final Dispatcher dispatcher;
  private final Register register;
  private final VaultPlaces places;
  private final BackupFinder finder;
  private final Views views;
  private final VaultMaker maker;

  public FlowControl(
      Configuration configuration,
      Dispatcher dispatcher,
      Register register,
      VaultPlaces places,
      InstantSource clock,
      Ids ids) {
    this.configuration = configuration;
    this.dispatcher = dispatcher;
    this.register = register;
    this.places = places;
    this.finder = new BackupFinder(configuration, places, register);
    this.views = new Views(register, finder, places);
    this.maker = new VaultMaker(places, clock, ids);
  }

  /** For what only some hosts do with backups. */
  protected final BackupFinder finder() {
    return finder;
  }

  @Override
  public final RunView createBackup(CreateBackup request) {
    configuration.cluster(request.cluster());
    BackupRequest wanted = wanted(request);
    places.requireWritable(
        configuration
            .vault(
                wanted.vault() == null
                    ? configuration.cluster(request.cluster()).vault()
                    : wanted.vault())
            .name());
    return run(dispatcher.backup(wanted).run());
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
        : PolicyRequests.completed(plain, policyOf(request.policy(), request.cluster()));
  }

  private PolicyConfig policyOf(String name, String cluster) {
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
  public final List<BackupView> backups(BackupFilter filter) {
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
  public final BackupDetails backup(BackupName name) {
    return views.details(finder.one(name));
  }

  @Override
  public final void contents(ContentsRequest request, Consumer<EntryView> entries) {
    contents(request).all(entries);
  }

  @Override
  public final ContentsPage contents(
      ContentsRequest request, ContentsPage.Position after, int limit) {
    return contents(request).page(after, limit);
  }

  private Contents contents(ContentsRequest request) {
    BackupFinder.Found found = finder.one(request.backup());
    Manifest manifest = finder.manifest(found);
    return new Contents(places.reachable(found.vault()), manifest, request.paths());
  }

  @Override
  public final DiffTotals diff(BackupName from, BackupName to, Consumer<DiffView> differences) {
    BackupFinder.Found older = finder.one(from);
    BackupFinder.Found newer = finder.one(to);
    if (!older.cluster().equals(newer.cluster()) || !older.vault().equals(newer.vault())) {
      throw PermanentFailure.of(INVALID, "a comparison of " + from.id() + " and " + to.id())
          .expected("two backups of one cluster in one vault")
          .found(older.cluster() + " and " + newer.cluster());
    }
    return new Differences(places.reachable(newer.vault()), differences)
        .compare(finder.manifest(older), finder.manifest(newer));
  }

  @Override
  public final RunView cancelBackup(BackupName name) {
    return cancel(runOf(name));
  }

  @Override
  public final RunView resumeBackup(BackupName name) {
    return resume(runOf(name));
  }

  private String runOf(BackupName name) {
    BackupFinder.Found found = finder.one(name);
    if (found.row() == null || register.run(found.row().run()).isEmpty()) {
      throw PermanentFailure.of(CONFLICT, "backup " + name.id())
          .expected("a run of this deployment")
          .found("a backup that only the vault knows")
          .hint("use the state folder of the deployment that makes it");
    }
    return found.row().run();
  }

  private RunView cancel(String run) {
    dispatcher.cancel(run);
    return run(run);
  }

  private RunView resume(String run) {
    dispatcher.resume(run);
    return run(run);
  }

  @Override
  public final RestorePlan planRestore(CreateRestore request) {
    BackupFinder.Found found = finder.one(request.backup());
    RestorePreview preview = dispatcher.preview(request(request, found));
    return views.plan(preview, found);
  }

  @Override
  public final RunView createRestore(CreateRestore request) {
    BackupFinder.Found found = finder.one(request.backup());
    return run(dispatcher.restore(request(request, found)).run());
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
  public final RunView cancelRestore(String run) {
    requireRestore(run);
    return cancel(run);
  }

  @Override
  public final RunView resumeRestore(String run) {
    requireRestore(run);
    return resume(run);
  }

  private void requireRestore(String run) {
    RunView.Kind kind = run(run).kind();
    if (kind != RunView.Kind.RESTORE) {
      throw PermanentFailure.of(INVALID, "run " + run)
          .expected("a restore")
          .found(kind == RunView.Kind.BACKUP ? "a backup" : "a verification")
          .hint("for a backup, use the commands of `tidemark backup` with its id");
    }
  }

  @Override
  public final RunView verifyBackup(VerifyBackup request) {
    BackupFinder.Found found = finder.one(request.backup());
    BackupFinder.requireSealed(found);
    places.reachable(found.vault());
    return run(
        dispatcher
            .verify(
                new VerifyRequest(
                    found.cluster(),
                    found.clusterId(),
                    found.vault(),
                    found.backupId(),
                    request.percent()))
            .run());
  }

  @Override
  public final RunView cancelRun(String run) {
    run(run);
    return cancel(run);
  }

  @Override
  public final RunView run(String run) {
    return register
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
  public final List<RunView> runs(RunFilter filter) {
    if (filter.cluster() != null && !register.clusters().contains(filter.cluster())) {
      configuration.cluster(filter.cluster());
    }
    return register.clusters().stream()
        .filter(cluster -> filter.cluster() == null || cluster.equals(filter.cluster()))
        .flatMap(cluster -> register.runs(cluster).stream())
        .map(views::run)
        .filter(view -> filter.statuses().isEmpty() || filter.statuses().contains(view.status()))
        .filter(view -> filter.since() == null || !view.startedAt().isBefore(filter.since()))
        .sorted((a, b) -> b.startedAt().compareTo(a.startedAt()))
        .limit(filter.limit())
        .toList();
  }

  @Override
  public final List<ClusterView> clusters() {
    return configuration.clusters().values().stream()
        .map(
            cluster ->
                new ClusterView(
                    cluster.name(),
                    cluster.engine(),
                    cluster.vault(),
                    cluster.width(),
                    register.active(cluster.name()).orElse(null)))
        .toList();
  }

  @Override
  public final ClusterCheck checkCluster(String cluster) {
    return new ClusterCheck(
        cluster, configuration.cluster(cluster).engine(), dispatcher.inspect(cluster));
  }

  @Override
  public final List<ConfiguredVault> vaults() {
    return configuration.vaults().values().stream()
        .map(
            vault ->
                new ConfiguredVault(
                    vault.name(),
                    vault.store(),
                    places.words(vault.name()),
                    vault.compression(),
                    vault.chunkMebibytes()))
        .toList();
  }

  @Override
  public final VaultView createVault(VaultPlace place) {
    return maker.make(places.name(place));
  }

  @Override
  public final VaultCheck checkVault(VaultPlace place) {
    return maker.check(places.name(place));
  }

  @Override
  public final List<PolicyView> policies() {
    return configuration.policies().values().stream().map(this::policy).toList();
  }

  private PolicyView policy(PolicyConfig policy) {
    return new PolicyView(
        policy.name(),
        policy.clusters(),
        policy.vault(),
        policy.schedule(),
        policy.zone().getId(),
        policy.include(),
        policy.exclude(),
        policy.labels(),
        policy.clusters().stream()
            .flatMap(cluster -> register.slots(cluster).stream())
            .filter(slot -> slot.policy().equals(policy.name()) && slot.dealtWith())
            .map(
                slot ->
                    new PolicyView.Slot(
                        slot.cluster(), slot.slot(), slot.outcome().name(), slot.detail()))
            .toList());
  }
}
