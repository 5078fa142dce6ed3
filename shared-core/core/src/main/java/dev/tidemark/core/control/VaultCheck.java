package dev.tidemark.core.control;

import java.util.List;

/** What a vault's store promised, and kept or not. */
public record VaultCheck(String name, String path, String id, List<Promise> promises) {

  /** Whether every promise was kept. */
  public boolean good() {
    return promises.stream().allMatch(Promise::kept);
  }

  /**
   * @param detail what was found instead; empty where it was kept
   */
  public record Promise(String text, boolean kept, String detail) {}
}
