package dev.tidemark.core.flow;

import dev.tidemark.core.vault.Manifest;

/** A lane's index object, as the row of a unit names it: {@code name#sha256}. */
record LaneIndex(String name, String sha256) {

  static LaneIndex parse(String text) {
    int hash = text.indexOf('#');
    return new LaneIndex(text.substring(0, hash), text.substring(hash + 1));
  }

  static LaneIndex of(Manifest.IndexRef ref) {
    return new LaneIndex(ref.name(), ref.sha256());
  }

  Manifest.IndexRef ref() {
    return new Manifest.IndexRef(name, sha256, 0);
  }

  @Override
  public String toString() {
    return name + "#" + sha256;
  }
}
