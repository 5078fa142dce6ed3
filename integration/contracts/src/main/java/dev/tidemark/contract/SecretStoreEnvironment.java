package dev.tidemark.contract;

import dev.tidemark.core.secret.SecretStore;

/** A place of secrets. */
public interface SecretStoreEnvironment {

  SecretStore open();

  /**
   * Puts a secret there, which may be empty where the place takes that.
   *
   * @return a reference to it
   */
  String keep(String value);

  /** A reference, of the same scheme, to what is not there. */
  String missing();
}
