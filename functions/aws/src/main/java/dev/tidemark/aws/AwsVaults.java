package dev.tidemark.aws;

import dev.tidemark.core.blob.BlobStore;
import dev.tidemark.core.config.Configuration;
import dev.tidemark.core.control.VaultPlace;
import dev.tidemark.core.control.VaultPlaces;
import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.failure.PermanentFailure.Kind;
import dev.tidemark.core.vault.Vault;
import dev.tidemark.store.s3.S3Config;

/**
 * Vaults in buckets. Whether this function may write to one is for its store to say: what IAM
 * refuses is told with the permission that is missing.
 */
final class AwsVaults implements VaultPlaces {
  private final Configuration configuration;
  private final AwsSite site;

  AwsVaults(Configuration configuration, AwsSite site) {
    this.configuration = configuration;
    this.site = site;
  }

  @Override
  public String name(VaultPlace place) {
    if (place instanceof VaultPlace.Named named) {
      return configuration.vault(named.name()).name();
    }
    throw PermanentFailure.of(Kind.INVALID, "vault")
        .expected("the name of one that is configured")
        .found("a folder, which a function does not have");
  }

  @Override
  public String words(String vault) {
    return S3Config.of(configuration.vault(vault).options()).description();
  }

  @Override
  public Vault reachable(String vault) {
    return site.vault(configuration.digest(), vault);
  }

  @Override
  public void requireWritable(String vault) {
    reachable(vault);
  }

  @Override
  public BlobStore store(String vault) {
    return site.store(configuration.digest(), vault);
  }

  @Override
  public boolean prepare(String vault) {
    return false;
  }
}
