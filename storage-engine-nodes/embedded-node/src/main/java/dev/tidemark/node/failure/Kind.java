package dev.tidemark.node.failure;

import java.util.Locale;

/** What went wrong, as the problem's type says it, with its HTTP status. */
public enum Kind {
  INVALID_REQUEST(400, "The request is not valid"),
  UNAUTHORIZED(401, "The API key is missing or wrong"),
  NOT_FOUND(404, "Not found"),
  GENERATION_UNKNOWN(404, "This generation of the shard is not here"),
  CONFLICT(409, "Conflict with what exists"),
  SHARD_LOST(409, "The shard's data are not on its node"),
  GONE(410, "The snapshot expired"),
  PLACE_GONE(410, "What was restored there is gone"),
  TOO_LARGE(413, "The request is too large"),
  TENANT_INACTIVE(422, "The tenant is inactive"),
  DIGEST_MISMATCH(422, "The restored files are not what was announced"),
  INTERNAL(500, "The node failed"),
  NODE_UNREACHABLE(503, "A node did not answer"),
  NOT_READY(503, "The node is not ready"),
  SHARD_READONLY(507, "The shard is read-only");

  private final int status;
  private final String title;

  Kind(int status, String title) {
    this.status = status;
    this.title = title;
  }

  public int status() {
    return status;
  }

  public String title() {
    return title;
  }

  /** For example {@code urn:tidemark:node:shard-lost}. */
  public String urn() {
    return "urn:tidemark:node:" + name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
