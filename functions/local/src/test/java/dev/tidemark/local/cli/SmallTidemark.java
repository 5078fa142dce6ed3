package dev.tidemark.local.cli;

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
import dev.tidemark.core.engine.Condition;
import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.failure.PermanentFailure.Kind;
import dev.tidemark.core.tree.EntryPath;
import dev.tidemark.core.tree.FileMeta;
import dev.tidemark.core.vault.Entry;
import dev.tidemark.local.app.Progress;
import dev.tidemark.local.app.RebuildReport;
import dev.tidemark.local.app.ServeOptions;
import dev.tidemark.local.app.Serving;
import dev.tidemark.local.app.Tidemark;
import dev.tidemark.local.app.VaultStats;
import dev.tidemark.local.app.VerifyReport;
import dev.tidemark.local.app.VerifyRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A whole Tidemark for one cluster in memory: backups hold one file, and have a run; restores go
 * nowhere. Each minute that it works, 64 MiB of 256 MiB go by.
 */
final class SmallTidemark implements Tidemark {
  private static final long SIZE = 256L << 20;

  final List<Object> requests = new ArrayList<>();
  private final ManualTime clock;
  private final Map<String, RunView> runs = new TreeMap<>();
  private final Map<String, BackupView> backups = new TreeMap<>();
  private int writers;

  /** How the next run ends. */
  Status end = Status.SUCCESS;

  SmallTidemark(ManualTime clock) {
    this.clock = clock;
  }

  @Override
  public RunView createBackup(CreateBackup request) {
    requests.add(request);
    String id = request.id() == null ? "b" + backups.size() : request.id();
    Optional<RunView> active =
        runs.values().stream()
            .filter(run -> run.cluster().equals(request.cluster()) && !run.status().terminal())
            .findFirst();
    if (active.isPresent()) {
      throw PermanentFailure.of(Kind.CONFLICT, "cluster " + request.cluster())
          .expected("no active run")
          .found("the run " + active.get().run());
    }
    if (backups.containsKey(id)) {
      throw PermanentFailure.of(Kind.CONFLICT, "backup " + id)
          .expected("an id that is free")
          .found("a backup of that id");
    }
    RunView run = started(RunView.Kind.BACKUP, request.cluster(), id);
    backups.put(
        id,
        new BackupView(
            id,
            request.cluster(),
            request.cluster() + "-01234567",
            "disk",
            run.run(),
            "main",
            "/srv/vault",
            Status.STARTED,
            clock.instant(),
            null,
            2,
            1,
            SIZE,
            SIZE / 2,
            null,
            null,
            request.labels(),
            0,
            ""));
    return run;
  }

  @Override
  public List<BackupView> backups(BackupFilter filter) {
    requests.add(filter);
    return backups.values().stream()
        .filter(b -> filter.cluster() == null || b.cluster().equals(filter.cluster()))
        .filter(b -> filter.statuses().isEmpty() || filter.statuses().contains(b.status()))
        .filter(b -> b.labels().entrySet().containsAll(filter.labels().entrySet()))
        .filter(b -> filter.since() == null || !b.startedAt().isBefore(filter.since()))
        .limit(filter.limit())
        .toList();
  }

  @Override
  public BackupDetails backup(BackupName name) {
    requests.add(name);
    return new BackupDetails(
        known(name),
        "7",
        "f1",
        "crash",
        "file",
        List.of("n1"),
        List.of("data"),
        List.of(),
        List.of("tmp*"),
        2,
        Map.of("special", 1L),
        Map.of("data/socket", "a socket"),
        Map.of("data", "2 tenants inactive"),
        "ZstdDefaultCompression",
        32 << 20,
        "none",
        "c0ffee",
        "0.1.0",
        "ab12",
        List.of());
  }

  @Override
  public void contents(ContentsRequest request, Consumer<EntryView> entries) {
    requests.add(request);
    known(request.backup());
    entries.accept(new EntryView("data", "", entry("größe 100%")));
  }

  @Override
  public ContentsPage contents(ContentsRequest request, ContentsPage.Position after, int limit) {
    List<EntryView> entries = new ArrayList<>();
    contents(request, entries::add);
    return new ContentsPage(entries, null);
  }

  @Override
  public List<ClusterView> clusters() {
    return List.of(new ClusterView("files", "disk", "main", 2, null));
  }

  @Override
  public List<ConfiguredVault> vaults() {
    return List.of();
  }

  @Override
  public List<PolicyView> policies() {
    return List.of();
  }

  @Override
  public DiffTotals diff(BackupName from, BackupName to, Consumer<DiffView> differences) {
    requests.add(List.of(from, to));
    known(from);
    known(to);
    differences.accept(new DiffView("data", "", DiffView.Change.ADDED, null, entry("größe 100%")));
    return new DiffTotals(1, 0, 0, 0, 7, SIZE, 0, 0);
  }

  @Override
  public RunView cancelBackup(BackupName name) {
    requests.add(name);
    end = Status.CANCELED;
    return run(known(name).run());
  }

  @Override
  public RunView resumeBackup(BackupName name) {
    requests.add(name);
    return run(known(name).run());
  }

  @Override
  public RestorePlan planRestore(CreateRestore request) {
    requests.add(request);
    BackupView backup = known(request.backup());
    var mapping = new RestorePlan.Mapping("data", "data2", "/srv/data2", 1, SIZE, "a folder");
    return new RestorePlan(
        backup.id(),
        backup.cluster(),
        backup.vault(),
        backup.path(),
        1,
        SIZE,
        List.of(mapping),
        List.of(new RestorePlan.Volume("/srv", SIZE, OptionalLong.of(SIZE * 4))),
        request.replace() ? List.of() : List.of("data2 exists"));
  }

  @Override
  public RunView createRestore(CreateRestore request) {
    requests.add(request);
    return started(RunView.Kind.RESTORE, known(request.backup()).cluster(), request.backup().id());
  }

  @Override
  public RunView verifyBackup(VerifyBackup request) {
    requests.add(request);
    return started(RunView.Kind.VERIFY, known(request.backup()).cluster(), request.backup().id());
  }

  @Override
  public RunView cancelRun(String run) {
    requests.add(run);
    end = Status.CANCELED;
    return run(run);
  }

  @Override
  public RunView cancelRestore(String run) {
    requests.add(run);
    end = Status.CANCELED;
    return run(run);
  }

  @Override
  public RunView resumeRestore(String run) {
    requests.add(run);
    return run(run);
  }

  @Override
  public RunView run(String run) {
    RunView found = runs.get(run);
    if (found == null) {
      throw PermanentFailure.of(Kind.NOT_FOUND, "run " + run).expected("a run").found("none");
    }
    return found;
  }

  @Override
  public List<RunView> runs(RunFilter filter) {
    requests.add(filter);
    return List.copyOf(runs.values());
  }

  @Override
  public RunView await(String run, ProgressListener listener) {
    for (int quarter = 1; quarter <= 4; quarter++) {
      clock.pass(Duration.ofSeconds(60));
      long done = SIZE / 4 * quarter;
      var unit = new Progress.Unit("data", done, SIZE);
      var node = new Progress.Node("n1", 2, quarter / 4, done, SIZE, List.of(unit));
      listener.progress(
          new Progress(Status.TRANSFERRING, List.of(node), 2, quarter / 4, done, SIZE));
    }
    RunView ended = ended(run(run));
    runs.put(run, ended);
    return ended;
  }

  @Override
  public VerifyReport verify(VerifyRequest request, ProgressListener listener) {
    requests.add(request);
    return new VerifyReport(
        1,
        3,
        1,
        0,
        end == Status.SUCCESS
            ? List.of()
            : List.of(
                new VerifyReport.Finding(
                    "data/x/y/w.1.0",
                    "a byte differs",
                    "main",
                    "files",
                    "b0",
                    List.of("data/a"),
                    3)));
  }

  @Override
  public RebuildReport rebuildCatalog(VaultPlace place, ProgressListener listener) {
    requests.add(place);
    return new RebuildReport("", "/srv/vault", 1, 2, 0, List.of("files"), List.of(), List.of());
  }

  @Override
  public VaultView createVault(VaultPlace place) {
    requests.add(place);
    return new VaultView("main", "/srv/vault", "v1", "1.0", true, List.of());
  }

  @Override
  public VaultCheck checkVault(VaultPlace place) {
    requests.add(place);
    return new VaultCheck(
        "main",
        "/srv/vault",
        "v1",
        List.of(new VaultCheck.Promise("creates once", end == Status.SUCCESS, "")));
  }

  @Override
  public ClusterCheck checkCluster(String cluster) {
    requests.add(cluster);
    return new ClusterCheck(
        cluster,
        "directory",
        List.of(
            Condition.good("all nodes are healthy", "2 nodes"),
            Condition.warning("leftovers expire", "no rule does that", "add one"),
            end == Status.SUCCESS
                ? Condition.unknown("disks have room", "", "")
                : Condition.bad("no shard is READONLY", "s1 is", "free space")));
  }

  @Override
  public VaultStats vaultStats(VaultPlace place) {
    requests.add(place);
    return new VaultStats(
        "main",
        "/srv/vault",
        "v1",
        List.of(new VaultStats.Objects("data", 12, SIZE)),
        List.of(new VaultStats.Cluster("files", "files-1", 1, clock.instant(), null, SIZE, SIZE)));
  }

  @Override
  public void serve(ServeOptions options, Serving serving) {
    requests.add(options);
    serving.says("serving");
  }

  @Override
  public void close() {}

  private RunView started(RunView.Kind kind, String cluster, String id) {
    String writer = String.format(java.util.Locale.ROOT, "%012d", writers++);
    RunView run = view(cluster + "." + writer, kind, Status.STARTED, cluster, id, null, "");
    runs.put(run.run(), run);
    return run;
  }

  private RunView ended(RunView run) {
    String error = end == Status.FAILED ? "unit data: the disk is on fire" : "";
    BackupView backup = backups.get(run.id());
    if (run.kind() == RunView.Kind.BACKUP && backup != null) {
      backups.put(
          run.id(),
          new BackupView(
              backup.id(),
              backup.cluster(),
              backup.clusterId(),
              backup.engine(),
              backup.run(),
              backup.vault(),
              backup.path(),
              end,
              backup.startedAt(),
              clock.instant(),
              backup.units(),
              backup.files(),
              backup.bytes(),
              backup.stored(),
              backup.base(),
              backup.policy(),
              backup.labels(),
              backup.missing(),
              error));
    }
    return view(run.run(), run.kind(), end, run.cluster(), run.id(), clock.instant(), error);
  }

  private RunView view(
      String run,
      RunView.Kind kind,
      Status status,
      String cluster,
      String id,
      @Nullable Instant completed,
      String error) {
    return new RunView(
        run,
        kind,
        status,
        cluster,
        id,
        "main",
        "/srv/vault",
        clock.instant(),
        completed,
        2,
        completed == null ? 0 : 2,
        1,
        SIZE,
        SIZE / 2,
        error,
        status == Status.FAILED ? clock.instant().plusSeconds(3600) : null,
        null);
  }

  private BackupView known(BackupName name) {
    BackupView backup = backups.get(name.id());
    if (backup == null) {
      throw PermanentFailure.of(Kind.NOT_FOUND, "backup " + name.id())
          .expected("a backup")
          .found("none of that id");
    }
    return backup;
  }

  private static Entry entry(String name) {
    EntryPath path = EntryPath.of(name.getBytes(StandardCharsets.UTF_8));
    return new Entry(FileMeta.file(path, SIZE), "1:2", true, false, null, List.of());
  }
}
