package dev.tidemark.core.verify;

import java.util.List;

/**
 * An object that is not as it should be.
 *
 * @param object its key
 * @param problem what was expected and what was found
 * @param files that cannot be restored because of it: the first {@link #MAX_FILES}
 * @param fileCount how many these are in all
 */
public record Finding(String object, String problem, List<File> files, long fileCount) {
  public static final int MAX_FILES = 20;

  /**
   * A file, or several.
   *
   * @param shard canonical name
   * @param path escaped; or words for several, like {@code every file}
   */
  public record File(String shard, String path) {
    @Override
    public String toString() {
      return shard + ": " + path;
    }
  }
}
