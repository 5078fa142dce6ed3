package dev.tidemark.aws;

import dev.tidemark.core.blob.BlobStore;
import dev.tidemark.core.config.ClusterConfig;
import dev.tidemark.core.config.Configuration;
import dev.tidemark.core.config.Configurations;
import dev.tidemark.core.config.VaultConfig;
import dev.tidemark.core.engine.StorageEngine;
import dev.tidemark.core.flow.Site;
import dev.tidemark.core.secret.SecretStore;
import dev.tidemark.core.vault.Compression;
import dev.tidemark.core.vault.Vault;
import dev.tidemark.engine.Engines;
import dev.tidemark.store.s3.AwsClients;
import dev.tidemark.store.s3.S3BlobStore;
import dev.tidemark.store.s3.S3Config;
import dev.tidemark.store.s3.S3StagingArea;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What the configurations of a deployment name, opened once each for as long as a process lives.
 */
final class AwsSite implements Site {
  private final Configuration newest;
  private final Configurations configurations;
  private final AwsClients clients;
  private final SecretStore secrets;
  private final Path state;
  private final InstantSource clock;
  private final Map<String, Configuration> known = new ConcurrentHashMap<>();
  private final Map<String, StorageEngine> engines = new ConcurrentHashMap<>();
  private final Map<String, BlobStore> stores = new ConcurrentHashMap<>();

  AwsSite(
      Configuration newest,
      Configurations configurations,
      AwsClients clients,
      SecretStore secrets,
      Path state,
      InstantSource clock) {
    this.newest = newest;
    this.configurations = configurations;
    this.clients = clients;
    this.secrets = secrets;
    this.state = state;
    this.clock = clock;
    known.put(newest.digest(), newest);
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
                configuration(config).cluster(cluster),
                secrets,
                place -> S3StagingArea.open(S3Config.of(place), clients, secrets, clock),
                state.resolve("engines"),
                clock));
  }

  @Override
  public Vault vault(String config, String vault) {
    return Vault.open(store(config, vault));
  }

  /** The store of a vault, whether the vault has been made or not. */
  BlobStore store(String config, String vault) {
    return stores.computeIfAbsent(
        config + " " + vault, key -> opened(configuration(config).vault(vault)));
  }

  private BlobStore opened(VaultConfig vault) {
    return S3BlobStore.open(S3Config.of(vault.options()), clients, secrets, clock);
  }

  @Override
  public Cluster cluster(String config, String cluster) {
    Configuration configuration = configuration(config);
    ClusterConfig found = configuration.cluster(cluster);
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

  private Configuration configuration(String digest) {
    return known.computeIfAbsent(digest, configurations::read);
  }
}
