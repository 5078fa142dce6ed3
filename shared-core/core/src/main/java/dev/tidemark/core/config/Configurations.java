package dev.tidemark.core.config;

/**
 * Keeps the configurations that runs began with. Never in a vault: a vault is readable for people
 * whom paths and commands of the cluster do not concern.
 */
public interface Configurations {

  /**
   * Keeps a configuration under its digest. Keeping it again changes nothing. Once this returns, it
   * survives a crash.
   *
   * @throws dev.tidemark.core.failure.TransientFailure where the place cannot be written now
   */
  void put(Configuration configuration);

  /**
   * @param digest 64 lower-case hex digits
   * @throws dev.tidemark.core.failure.PermanentFailure NOT_FOUND where it was never kept, DAMAGED
   *     where what is there is not what was kept
   */
  Configuration read(String digest);
}
