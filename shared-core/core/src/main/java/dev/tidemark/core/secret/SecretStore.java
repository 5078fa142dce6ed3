package dev.tidemark.core.secret;

/**
 * Resolves a reference to a secret, like {@code env:NAME} or {@code file:/run/secrets/key}. A value
 * never reaches a log, a row, a manifest, a queue or an exception's message.
 */
public interface SecretStore {

  /**
   * The secret's value; for a file, its content without one trailing line feed.
   *
   * @throws dev.tidemark.core.failure.PermanentFailure INVALID where the reference has no known
   *     scheme, NOT_FOUND where nothing is there, naming the reference
   */
  String resolve(String reference);
}
