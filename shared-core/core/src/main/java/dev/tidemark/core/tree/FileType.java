package dev.tidemark.core.tree;

/** What an entry is. Sockets, FIFOs and devices are no entries: they are named in coverage. */
public enum FileType {
  FILE("file"),
  DIRECTORY("dir"),
  SYMLINK("symlink"),
  HARDLINK("hardlink");

  private final String word;

  FileType(String word) {
    this.word = word;
  }

  /** The word in a part. */
  public String word() {
    return word;
  }
}
