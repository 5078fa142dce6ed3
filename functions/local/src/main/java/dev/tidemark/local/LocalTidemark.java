package dev.tidemark.local;

import dev.tidemark.core.config.Configuration;
import dev.tidemark.core.control.FlowControl;
import dev.tidemark.core.control.RunView;
import dev.tidemark.core.control.VaultPlace;
import dev.tidemark.local.app.RebuildReport;
import dev.tidemark.local.app.ServeOptions;
import dev.tidemark.local.app.Serving;
import dev.tidemark.local.app.Tidemark;
import dev.tidemark.local.app.VaultStats;
import dev.tidemark.local.app.VerifyReport;
import dev.tidemark.local.app.VerifyRequest;
import java.nio.file.Path;
import java.util.List;

/** The application on one state folder: every call over the same flow that functions run. */
public final class LocalTidemark extends FlowControl implements Tidemark {
  private final Configuration configuration;
  private final LocalHost host;
  private final LocalVaults vaults;

  private LocalTidemark(Configuration configuration, LocalHost host, LocalVaults vaults) {
    super(configuration, host.dispatcher(), host.register(), vaults, host.clock(), new SecureIds());
    this.configuration = configuration;
    this.host = host;
    this.vaults = vaults;
  }

  /**
   * Opens the application.
   *
   * @param state the state folder, which may be absent
   */
  public static LocalTidemark open(Configuration configuration, Path state, JsonLog log) {
    var host = new LocalHost(configuration, state, log);
    return new LocalTidemark(configuration, host, new LocalVaults(configuration, host.site()));
  }

  @Override
  public void serve(ServeOptions options, Serving serving) {
    new LocalServer(configuration, host, this, serving).serve(options);
  }

  @Override
  public RunView await(String run, ProgressListener listener) {
    run(run);
    new RunAwaiter(host, run, listener).await();
    return run(run);
  }

  @Override
  public VerifyReport verify(VerifyRequest request, ProgressListener listener) {
    return new Verification(vaults, finder()).verify(request, listener);
  }

  @Override
  public RebuildReport rebuildCatalog(VaultPlace place, ProgressListener listener) {
    String vault = vaults.name(place);
    var rebuilt = host.rebuilder().rebuild(vault);
    return new RebuildReport(
        vault,
        vaults.words(vault),
        rebuilt.clusters(),
        rebuilt.backups(),
        rebuilt.deleted(),
        List.copyOf(rebuilt.taken().keySet()),
        rebuilt.leftovers(),
        rebuilt.damaged());
  }

  @Override
  public VaultStats vaultStats(VaultPlace place) {
    String name = vaults.name(place);
    return VaultCounter.count(
        name, vaults.words(name), host.site().vault(host.site().newest(), name));
  }

  @Override
  public void close() {
    host.close();
  }
}
