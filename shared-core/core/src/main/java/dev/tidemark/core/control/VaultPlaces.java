package dev.tidemark.core.control;

import dev.tidemark.core.vault.Vault;

/** What a host knows of its vaults beyond what is in them. */
public interface VaultPlaces {

  /**
   * The name by which this host knows a vault.
   *
   * @throws dev.tidemark.core.failure.PermanentFailure NOT_FOUND where it is not configured,
   *     INVALID where this host has no such places
   */
  String name(VaultPlace place);

  /** Where a vault is, in words for a person: a folder, or a bucket and a prefix. */
  String words(String vault);

  /**
   * A vault, for a request that can do nothing without it.
   *
   * @throws dev.tidemark.core.failure.PermanentFailure NOT_FOUND where it is not there just now, or
   *     is none
   */
  Vault reachable(String vault);

  /**
   * For a request that will write into a vault.
   *
   * @throws dev.tidemark.core.failure.PermanentFailure NOT_FOUND as above; INVALID where this host
   *     may only read it
   */
  void requireWritable(String vault);
}
