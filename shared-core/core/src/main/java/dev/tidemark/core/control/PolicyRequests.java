package dev.tidemark.core.control;

import dev.tidemark.core.config.PolicyConfig;
import dev.tidemark.core.flow.BackupRequest;
import java.util.Map;
import java.util.TreeMap;

/** Requests for backups as policies want them. */
final class PolicyRequests {
  private PolicyRequests() {}

  /** A request with what its policy adds: its own selection and vault have precedence. */
  static BackupRequest completed(BackupRequest request, PolicyConfig policy) {
    boolean selects = !request.include().isEmpty() || !request.exclude().isEmpty();
    Map<String, String> labels = new TreeMap<>(policy.labels());
    labels.putAll(request.labels());
    return new BackupRequest(
        request.cluster(),
        request.vault() == null ? policy.vault() : request.vault(),
        request.backupId(),
        selects ? request.include() : policy.include(),
        selects ? request.exclude() : policy.exclude(),
        request.base(),
        labels,
        policy.name(),
        request.compression(),
        request.chunkMib());
  }
}
