package dev.tidemark.core.flow;

import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.vault.Vault;

/**
 * Which deployment may write a cluster's backups in a vault: the one in its highest owner object.
 * Two deployments know nothing of each other's runs and pins, so only one may write and delete.
 */
final class Ownership {
  private final Platform platform;

  Ownership(Platform platform) {
    this.platform = platform;
  }

  /** Refuses a cluster that another deployment owns. */
  void requireOurs(Vault vault, String clusterId) {
    vault
        .owner(clusterId)
        .filter(owner -> !owner.deployment().equals(platform.deployment()))
        .ifPresent(
            owner -> {
              throw PermanentFailure.of(PermanentFailure.Kind.CONFLICT, "cluster id " + clusterId)
                  .expected("deployment " + platform.deployment() + " as its owner in the vault")
                  .found("deployment " + owner.deployment() + ", since " + owner.since())
                  .hint(
                      "take ownership with `catalog rebuild`, once the other deployment is stopped"
                          + " for good");
            });
  }

  /** Takes a cluster that nobody owns, and refuses one that another deployment does. */
  void takeIfFree(Vault vault, String clusterId) {
    if (vault.owner(clusterId).isEmpty()) {
      vault.own(clusterId, null, platform.deployment(), platform.clock().instant());
    }
    requireOurs(vault, clusterId);
  }
}
