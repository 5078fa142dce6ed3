package dev.tidemark.local;

import static dev.tidemark.core.failure.PermanentFailure.Kind.INVALID;

import dev.tidemark.core.blob.BlobStore;
import dev.tidemark.core.config.ClusterConfig;
import dev.tidemark.core.config.Configuration;
import dev.tidemark.core.config.Configurations;
import dev.tidemark.core.config.Options;
import dev.tidemark.core.config.VaultConfig;
import dev.tidemark.core.engine.StorageEngine;
import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.flow.Site;
import dev.tidemark.core.secret.SecretStore;
import dev.tidemark.core.staging.StagingArea;
import dev.tidemark.core.time.Ids;
import dev.tidemark.core.vault.Compression;
import dev.tidemark.core.vault.Vault;
import dev.tidemark.engine.Engines;
import dev.tidemark.store.filesystem.FilesystemBlobStore;
import dev.tidemark.store.filesystem.FilesystemStagingArea;
import dev.tidemark.store.s3.S3Config;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What the configurations of this host name, opened. A vault that no configuration names goes by
 * its folder: {@code folder.<path in hex>}. A cluster that no configuration names has no roots of
 * its own; its backups can be restored into a folder.
 */
final class LocalSite implements Site {
  private static final String FOLDER = "folder.";
  private static final String S3 = "s3";
  private static final String UNCONFIGURED = "directory";

  private final Configuration newest;
  private final Configurations configurations;
  private final SecretStore secrets;
  private final Aws aws;
  private final Path state;
  private final InstantSource clock;
  private final Ids ids;
  private final Map<String, Configuration> known = new ConcurrentHashMap<>();
  private final Map<String, StorageEngine> engines = new ConcurrentHashMap<>();

  LocalSite(
      Configuration newest,
      Configurations configurations,
      SecretStore secrets,
      Aws aws,
      Path state,
      InstantSource clock,
      Ids ids) {
    this.newest = newest;
    this.configurations = configurations;
    this.secrets = secrets;
    this.aws = aws;
    this.state = state;
    this.clock = clock;
    this.ids = ids;
    known.put(newest.digest(), newest);
  }

  /** The name of a vault that is known by its folder only. */
  static String nameOf(Path folder) {
    byte[] path = folder.toString().getBytes(StandardCharsets.UTF_8);
    if (path.length > 150) {
      throw PermanentFailure.of(INVALID, "vault " + folder)
          .expected("a path of at most 150 bytes")
          .found(path.length + " bytes")
          .hint("name the vault in the configuration, or reach it by a shorter link");
    }
    return FOLDER + HexFormat.of().formatHex(path);
  }

  @Override
  public String newest() {
    configurations.put(newest);
    return newest.digest();
  }

  @Override
  public StorageEngine engine(String config, String cluster) {
    return engines.computeIfAbsent(
        config + " " + cluster,
        key ->
            Engines.open(
                configured(config, cluster),
                secrets,
                this::stagingArea,
                state.resolve("engines"),
                clock));
  }

  private StagingArea stagingArea(Options place) {
    return place.text("store").equals(S3)
        ? aws.stagingArea(S3Config.of(place), secrets, clock)
        : new FilesystemStagingArea(place.path("path"), clock, ids);
  }

  @Override
  public Vault vault(String config, String vault) {
    return Vault.open(store(config, vault));
  }

  BlobStore store(String config, String vault) {
    VaultLocation location = location(config, vault);
    if (location instanceof VaultLocation.Bucket bucket) {
      return aws.store(bucket.config(), secrets, clock);
    }
    return new FilesystemBlobStore(((VaultLocation.Folder) location).path(), clock, ids);
  }

  VaultLocation location(String config, String vault) {
    if (vault.startsWith(FOLDER)) {
      byte[] path = HexFormat.of().parseHex(vault.substring(FOLDER.length()));
      return new VaultLocation.Folder(Path.of(new String(path, StandardCharsets.UTF_8)));
    }
    VaultConfig configured = configuration(config).vault(vault);
    return configured.store().equals(S3)
        ? new VaultLocation.Bucket(S3Config.of(configured.options()))
        : new VaultLocation.Folder(configured.options().path("path"));
  }

  @Override
  public Cluster cluster(String config, String cluster) {
    Configuration configuration = configuration(config);
    ClusterConfig found = configured(config, cluster);
    VaultConfig vault = configuration.vaults().get(found.vault());
    return new Cluster(
        cluster,
        found.engine(),
        found.vault(),
        found.width(),
        vault == null ? Compression.DEFAULT : vault.compression(),
        (vault == null ? 32L : vault.chunkMebibytes()) << 20);
  }

  @Override
  public List<String> clusters(String config) {
    return List.copyOf(configuration(config).clusters().keySet());
  }

  private ClusterConfig configured(String config, String cluster) {
    ClusterConfig found = configuration(config).clusters().get(cluster);
    return found != null ? found : new ClusterConfig(cluster, UNCONFIGURED, "", 2, Options.EMPTY);
  }

  private Configuration configuration(String digest) {
    return known.computeIfAbsent(digest, configurations::read);
  }
}
