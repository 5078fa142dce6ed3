package dev.tidemark.local.remote;

import dev.tidemark.api.json.Backup;
import dev.tidemark.api.json.BackupConfig;
import dev.tidemark.api.json.Backups;
import dev.tidemark.api.json.CheckedCluster;
import dev.tidemark.api.json.CheckedVault;
import dev.tidemark.api.json.Cluster;
import dev.tidemark.api.json.Clusters;
import dev.tidemark.api.json.Contents;
import dev.tidemark.api.json.ContentsEntry;
import dev.tidemark.api.json.CreatedVault;
import dev.tidemark.api.json.Cursor;
import dev.tidemark.api.json.NewBackup;
import dev.tidemark.api.json.NewRestore;
import dev.tidemark.api.json.NewVerification;
import dev.tidemark.api.json.Plan;
import dev.tidemark.api.json.Policies;
import dev.tidemark.api.json.Policy;
import dev.tidemark.api.json.Run;
import dev.tidemark.api.json.Runs;
import dev.tidemark.api.json.StartedBackup;
import dev.tidemark.api.json.Vault;
import dev.tidemark.api.json.Vaults;
import dev.tidemark.core.control.BackupDetails;
import dev.tidemark.core.control.BackupFilter;
import dev.tidemark.core.control.BackupName;
import dev.tidemark.core.control.BackupView;
import dev.tidemark.core.control.ClusterCheck;
import dev.tidemark.core.control.ClusterView;
import dev.tidemark.core.control.ConfiguredVault;
import dev.tidemark.core.control.ContentsPage;
import dev.tidemark.core.control.ContentsRequest;
import dev.tidemark.core.control.CreateBackup;
import dev.tidemark.core.control.CreateRestore;
import dev.tidemark.core.control.DiffTotals;
import dev.tidemark.core.control.DiffView;
import dev.tidemark.core.control.PolicyView;
import dev.tidemark.core.control.RestorePlan;
import dev.tidemark.core.control.RunFilter;
import dev.tidemark.core.control.RunView;
import dev.tidemark.core.control.Status;
import dev.tidemark.core.control.VaultCheck;
import dev.tidemark.core.control.VaultPlace;
import dev.tidemark.core.control.VaultView;
import dev.tidemark.core.control.VerifyBackup;
import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.failure.PermanentFailure.Kind;
import dev.tidemark.core.failure.TransientFailure;
import dev.tidemark.core.tree.EntryPath;
import dev.tidemark.local.app.Progress;
import dev.tidemark.local.app.RebuildReport;
import dev.tidemark.local.app.ServeOptions;
import dev.tidemark.local.app.Serving;
import dev.tidemark.local.app.Tidemark;
import dev.tidemark.local.app.VaultStats;
import dev.tidemark.local.app.VerifyReport;
import dev.tidemark.local.app.VerifyRequest;
import dev.tidemark.local.remote.ApiClient.Query;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** The application of a server. What only the server's own machine can do is refused. */
public final class RemoteTidemark implements Tidemark {
  private static final int PAGE = 1000;
  private static final Duration LOOK = Duration.ofMillis(500);

  /** A server that is started anew is waited for. */
  private static final int MOST_SILENCES = 60;

  private final ApiClient client;

  /**
   * @param server like {@code https://backup.example:8443}
   * @param token null for none
   * @param authorities that the server's certificate may come from; null for those of the JVM
   */
  public RemoteTidemark(URI server, @Nullable String token, @Nullable SSLContext authorities) {
    this.client = new ApiClient(server, token, authorities);
  }

  @Override
  public RunView createBackup(CreateBackup request) {
    var body =
        new NewBackup(
            request.id(),
            request.include(),
            request.exclude(),
            new BackupConfig(
                request.compression() == null ? null : request.compression().word(),
                request.chunkMebibytes(),
                null),
            base(request.base()),
            request.labels(),
            request.vault(),
            request.policy());
    String path = "/v1/clusters/" + request.cluster() + "/backups";
    return run(client.post(path, new Query(), body, StartedBackup.class).run());
  }

  private static @Nullable String base(CreateBackup.Base base) {
    if (base instanceof CreateBackup.Of of) {
      return of.id();
    }
    return base instanceof CreateBackup.None ? "none" : null;
  }

  @Override
  public List<BackupView> backups(BackupFilter filter) {
    List<BackupView> all = new ArrayList<>();
    String after = null;
    do {
      Query query =
          new Query()
              .with("cluster", filter.cluster())
              .with("vault", vault(filter.vault()))
              .with("since", filter.since())
              .with("after", after)
              .with("limit", Math.min(PAGE, filter.limit() - all.size()));
      filter.statuses().forEach(status -> query.with("status", status));
      filter.labels().forEach((key, value) -> query.with("label", key + "=" + value));
      Backups page = client.get("/v1/backups", query, Backups.class);
      page.backups().forEach(backup -> all.add(backup.view()));
      after = page.next();
    } while (after != null && all.size() < filter.limit());
    return all;
  }

  private static @Nullable String vault(@Nullable VaultPlace place) {
    if (place instanceof VaultPlace.Folder folder) {
      throw PermanentFailure.of(Kind.INVALID, "vault at " + folder.path())
          .expected("the name of a vault of the server's configuration")
          .found("a folder of this machine")
          .hint("leave --server out to work with a folder here");
    }
    return place == null ? null : ((VaultPlace.Named) place).name();
  }

  @Override
  public BackupDetails backup(BackupName name) {
    Query query = new Query().with("vault", vault(name.vault()));
    return client.get(path(name), query, Backup.class).detailsView();
  }

  /** Without a cluster, the one that has a backup of this id. */
  private String path(BackupName name) {
    String cluster = name.cluster() == null ? clusterOf(name) : name.cluster();
    return "/v1/clusters/" + cluster + "/backups/" + name.id();
  }

  private String clusterOf(BackupName name) {
    var everything = new BackupFilter(null, name.vault(), Set.of(), Map.of(), null, 100_000);
    List<BackupView> matching =
        backups(everything).stream().filter(each -> each.id().equals(name.id())).toList();
    List<String> clusters = matching.stream().map(BackupView::cluster).distinct().toList();
    if (clusters.isEmpty()) {
      throw PermanentFailure.of(Kind.NOT_FOUND, "backup '" + name.id() + "'")
          .expected("a backup of the server")
          .found("none of that id")
          .hint("`tidemark backup list` shows what there is");
    }
    if (clusters.size() > 1) {
      throw PermanentFailure.of(Kind.CONFLICT, "backup '" + name.id() + "'")
          .expected("one backup of that id")
          .found("one of each of " + String.join(", ", clusters))
          .hint("name its cluster");
    }
    return clusters.get(0);
  }

  @Override
  public void contents(ContentsRequest request, Consumer<EntryView> entries) {
    ContentsPage.Position after = ContentsPage.Position.START;
    while (after != null) {
      ContentsPage page = contents(request, after, PAGE);
      page.entries().forEach(entries);
      after = page.next();
    }
  }

  @Override
  public DiffTotals diff(BackupName from, BackupName to, Consumer<DiffView> differences) {
    throw notHere("backup diff");
  }

  @Override
  public RunView cancelBackup(BackupName name) {
    return post(path(name) + "/cancel", name);
  }

  @Override
  public RunView resumeBackup(BackupName name) {
    return post(path(name) + "/resume", name);
  }

  private RunView post(String path, BackupName name) {
    Query query = new Query().with("vault", vault(name.vault()));
    return client.post(path, query, null, Run.class).view();
  }

  @Override
  public RestorePlan planRestore(CreateRestore request) {
    String path = path(request.backup()) + "/restore/plan";
    return client.post(path, new Query(), body(request), Plan.class).view();
  }

  @Override
  public RunView createRestore(CreateRestore request) {
    String path = path(request.backup()) + "/restore";
    return client.post(path, new Query(), body(request), Run.class).view();
  }

  private static NewRestore body(CreateRestore request) {
    if (request.to() != null) {
      throw PermanentFailure.of(Kind.INVALID, "--to " + request.to())
          .expected("a restore onto a cluster of the server's configuration")
          .found("a folder of this machine")
          .hint("leave --to out, or --server");
    }
    return new NewRestore(
        vault(request.backup().vault()),
        request.include(),
        request.exclude(),
        request.paths().stream().map(EntryPath::toString).toList(),
        request.renames().stream()
            .map(rename -> new NewRestore.Rename(rename.from(), rename.to()))
            .toList(),
        request.suffix().isEmpty() ? null : request.suffix(),
        request.nodes(),
        request.into(),
        request.replace(),
        null,
        null);
  }

  @Override
  public RunView cancelRestore(String run) {
    return client.post("/v1/restores/" + run + "/cancel", new Query(), null, Run.class).view();
  }

  @Override
  public RunView resumeRestore(String run) {
    return client.post("/v1/restores/" + run + "/resume", new Query(), null, Run.class).view();
  }

  @Override
  public RunView verifyBackup(VerifyBackup request) {
    String path = path(request.backup()) + "/verify";
    var body = new NewVerification(vault(request.backup().vault()), request.percent());
    return client.post(path, new Query(), body, Run.class).view();
  }

  @Override
  public RunView cancelRun(String run) {
    return client.post("/v1/runs/" + run + "/cancel", new Query(), null, Run.class).view();
  }

  @Override
  public RunView run(String run) {
    return client.get("/v1/runs/" + run, new Query(), Run.class).view();
  }

  @Override
  public List<RunView> runs(RunFilter filter) {
    List<RunView> all = new ArrayList<>();
    String after = null;
    do {
      Query query =
          new Query()
              .with("cluster", filter.cluster())
              .with("since", filter.since())
              .with("after", after)
              .with("limit", Math.min(PAGE, filter.limit() - all.size()));
      filter.statuses().forEach(status -> query.with("status", status));
      Runs page = client.get("/v1/runs", query, Runs.class);
      page.runs().forEach(run -> all.add(run.view()));
      after = page.next();
    } while (after != null && all.size() < filter.limit());
    return all;
  }

  /** Asks twice a second; the server works the run. */
  @Override
  public RunView await(String run, ProgressListener listener) {
    RunView view = run(run);
    while (!view.status().terminal() && view.status() != Status.WAITING) {
      listener.progress(
          new Progress(view.status(), List.of(), view.units(), view.unitsDone(), view.bytes(), 0));
      if (!pause()) {
        return view;
      }
      view = patiently(() -> run(run));
    }
    return view;
  }

  private static <T> T patiently(Supplier<T> question) {
    for (int silences = 0; ; silences++) {
      try {
        return question.get();
      } catch (TransientFailure e) {
        if (silences == MOST_SILENCES || !pause()) {
          throw e;
        }
      }
    }
  }

  private static boolean pause() {
    try {
      Thread.sleep(LOOK.toMillis());
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  @Override
  public void serve(ServeOptions options, Serving serving) {
    throw notHere("serve");
  }

  @Override
  public VerifyReport verify(VerifyRequest request, ProgressListener listener) {
    return new RemoteVerification(this, listener).verify(request);
  }

  @Override
  public RebuildReport rebuildCatalog(VaultPlace place, ProgressListener listener) {
    throw notHere("catalog rebuild");
  }

  @Override
  public VaultView createVault(VaultPlace place) {
    return client.post(path(place) + "/create", new Query(), null, CreatedVault.class).view();
  }

  @Override
  public VaultCheck checkVault(VaultPlace place) {
    return client.post(path(place) + "/check", new Query(), null, CheckedVault.class).view();
  }

  private static String path(VaultPlace place) {
    return "/v1/vaults/" + vault(place);
  }

  @Override
  public VaultStats vaultStats(VaultPlace place) {
    throw notHere("vault stats");
  }

  private static PermanentFailure notHere(String command) {
    return PermanentFailure.of(Kind.INVALID, "command '" + command + "'")
        .expected("a command that a server works")
        .found("--server")
        .hint("leave --server out, on the machine that has the state folder and the vault");
  }

  @Override
  public List<ClusterView> clusters() {
    return client.get("/v1/clusters", new Query(), Clusters.class).clusters().stream()
        .map(Cluster::view)
        .toList();
  }

  @Override
  public ClusterCheck checkCluster(String cluster) {
    return client
        .post("/v1/clusters/" + cluster + "/check", new Query(), null, CheckedCluster.class)
        .view();
  }

  @Override
  public List<ConfiguredVault> vaults() {
    return client.get("/v1/vaults", new Query(), Vaults.class).vaults().stream()
        .map(Vault::view)
        .toList();
  }

  @Override
  public List<PolicyView> policies() {
    return client.get("/v1/policies", new Query(), Policies.class).policies().stream()
        .map(Policy::view)
        .toList();
  }

  @Override
  public ContentsPage contents(ContentsRequest request, ContentsPage.Position after, int limit) {
    Query query =
        new Query()
            .with("vault", vault(request.backup().vault()))
            .with("after", after.shard().isEmpty() ? null : Cursor.of(after))
            .with("limit", Math.min(PAGE, limit));
    // Gateways hand on several values separated by commas.
    request.paths().forEach(each -> query.with("path", each.toString().replace(",", "%2C")));
    Contents page = client.get(path(request.backup()) + "/contents", query, Contents.class);
    return new ContentsPage(
        page.entries().stream().map(ContentsEntry::view).toList(),
        page.next() == null ? null : Cursor.position(page.next()));
  }

  @Override
  public void close() {
    // A client holds nothing that outlives the process.
  }
}
