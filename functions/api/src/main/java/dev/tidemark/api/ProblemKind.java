package dev.tidemark.api;

import dev.tidemark.core.failure.PermanentFailure;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What went wrong, as the problem's type says it, with its HTTP status. The one mapping. */
public enum ProblemKind {
  MALFORMED(400, "The request is not well-formed"),
  UNAUTHENTICATED(401, "Nobody knows who asks"),
  FORBIDDEN(403, "The caller may not ask for this"),
  NOT_FOUND(404, "Not found"),
  METHOD_NOT_ALLOWED(405, "Not a method of this route"),
  NOT_ACCEPTABLE(406, "No such form of the answer"),
  CONFLICT(409, "In conflict with what is there"),
  TOO_LARGE(413, "The request is too large"),
  UNSUPPORTED(415, "Not a form of this request"),
  INVALID(422, "The request asks for something that cannot be"),
  DAMAGED(500, "Stored data is not what was stored"),
  FAILED(500, "The request failed"),
  UNAVAILABLE(503, "Not possible just now");

  private static final String URN = "urn:tidemark:problem:";

  private final int status;
  private final String title;

  ProblemKind(int status, String title) {
    this.status = status;
    this.title = title;
  }

  public int status() {
    return status;
  }

  public String title() {
    return title;
  }

  /** For example {@code urn:tidemark:problem:not-found}. */
  public String urn() {
    return URN + name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  static ProblemKind of(PermanentFailure.Kind kind) {
    return switch (kind) {
      case INVALID -> INVALID;
      case NOT_FOUND -> NOT_FOUND;
      case CONFLICT -> CONFLICT;
      case DAMAGED -> DAMAGED;
      case FAILED -> FAILED;
    };
  }

  /** For what the server itself refuses. */
  static ProblemKind ofStatus(int status) {
    return Arrays.stream(values())
        .filter(kind -> kind.status == status)
        .findFirst()
        .orElse(status >= 500 ? FAILED : MALFORMED);
  }

  /** The kind whose {@link #urn} this is. */
  public static Optional<ProblemKind> named(String urn) {
    return Arrays.stream(values()).filter(kind -> kind.urn().equals(urn)).findFirst();
  }
}
