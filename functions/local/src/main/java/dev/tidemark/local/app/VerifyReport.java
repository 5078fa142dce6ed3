package dev.tidemark.local.app;

import java.util.List;

/**
 * What was found.
 *
 * @param backups how many were verified
 * @param bytes of content that were read
 */
public record VerifyReport(
    long backups, long objects, long files, long bytes, List<Finding> findings) {

  /**
   * Something that is not as it was stored.
   *
   * @param object the key in the vault
   * @param problem what is wrong with it, a sentence
   * @param backup the id of a backup that is hurt
   * @param files some of the files that it costs, {@code collection/shard/path}
   * @param filesTotal how many it costs
   */
  public record Finding(
      String object,
      String problem,
      String vault,
      String cluster,
      String backup,
      List<String> files,
      long filesTotal) {}
}
