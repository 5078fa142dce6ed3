package dev.tidemark.core.control;

import dev.tidemark.core.blob.BlobStore;
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

  /** The store of a vault, whether the vault has been made or not. */
  BlobStore store(String vault);

  /**
   * Makes a place ready for a vault; does nothing where one is there.
   *
   * @return whether its store is known to keep what a vault relies on, so that nothing is probed,
   *     and the place to be empty
   * @throws dev.tidemark.core.failure.PermanentFailure CONFLICT where the place holds other things
   */
  boolean prepare(String vault);
}
