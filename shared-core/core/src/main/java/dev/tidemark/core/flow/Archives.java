package dev.tidemark.core.flow;

import dev.tidemark.core.vault.Vault;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The vaults of a site, each opened once. */
final class Archives {
  private final Platform platform;
  private final Map<String, Archive> open = new ConcurrentHashMap<>();

  Archives(Platform platform) {
    this.platform = platform;
  }

  Archive of(RunRow run) {
    return of(run.config(), run.vault());
  }

  Archive of(String config, String vault) {
    Archive known = open.get(config + "/" + vault);
    if (known != null) {
      return known;
    }
    // Not computeIfAbsent: opening asks the store, and nobody should wait for that under a lock.
    Vault opened = platform.site().vault(config, vault);
    Archive fresh = new Archive(opened, platform);
    Archive raced = open.putIfAbsent(config + "/" + vault, fresh);
    return raced == null ? fresh : raced;
  }
}
