package dev.tidemark.api.json;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import dev.tidemark.core.verify.Report;
import java.util.List;

/**
 * What a verification has found so far.
 *
 * @param level how much it reads: {@code structure}, {@code full}, or a sample
 * @param objects that were read or asked for
 * @param bytesRead of content, and compared
 * @param findings the first objects that are not as they were stored
 * @param findingCount how many there are
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record Verification(
    String level,
    long objects,
    long files,
    long bytesRead,
    List<Finding> findings,
    long findingCount) {

  /**
   * An object that is not as it was stored.
   *
   * @param object its key in the vault
   * @param problem what was expected, and what was found
   * @param files some of those that cannot be restored because of it
   * @param fileCount how many these are
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Finding(String object, String problem, List<File> files, long fileCount) {}

  /**
   * A file, or several.
   *
   * @param shard {@code collection/shard}
   * @param path or words for several, like {@code every file}
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record File(String shard, String path) {}

  static Verification of(Report report) {
    return new Verification(
        report.level(),
        report.objects(),
        report.files(),
        report.bytesRead(),
        report.findings().stream()
            .map(
                finding ->
                    new Finding(
                        finding.object(),
                        finding.problem(),
                        finding.files().stream()
                            .map(file -> new File(file.shard(), file.path()))
                            .toList(),
                        finding.fileCount()))
            .toList(),
        report.findingCount());
  }

  /** What the JSON says of the report. */
  Report view(String backupId) {
    return new Report(
        "",
        backupId,
        level,
        objects,
        0,
        files,
        0,
        bytesRead,
        findings.stream()
            .map(
                finding ->
                    new dev.tidemark.core.verify.Finding(
                        finding.object(),
                        finding.problem(),
                        finding.files().stream()
                            .map(
                                file ->
                                    new dev.tidemark.core.verify.Finding.File(
                                        file.shard(), file.path()))
                            .toList(),
                        finding.fileCount()))
            .toList(),
        findingCount);
  }
}
