package dev.tidemark.core.transfer;

import dev.tidemark.core.vault.Entry;

/** What became of an entry of the listing. */
sealed interface Settled {

  /** It is in the backup. */
  record Kept(Entry entry) implements Settled {}

  /**
   * It is not.
   *
   * @param kind of the note
   */
  record Dropped(String kind, String detail) implements Settled {
    static Dropped vanished() {
      return new Dropped("vanished", "between listing and reading");
    }
  }
}
