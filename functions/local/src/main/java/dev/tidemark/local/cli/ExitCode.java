package dev.tidemark.local.cli;

import dev.tidemark.core.control.Status;
import dev.tidemark.core.failure.PermanentFailure;

/** What the process answers to its caller. */
final class ExitCode {
  static final int DONE = 0;

  /** The work began, and failed; or something that was verified is damaged. */
  static final int FAILED = 1;

  /** The request or the configuration is wrong; nothing was started. */
  static final int BAD_INPUT = 2;

  /** The run was canceled; or this process was interrupted, and the run was not. */
  static final int CANCELED = 3;

  private ExitCode() {}

  static int of(Throwable failure) {
    if (failure instanceof PermanentFailure permanent) {
      return switch (permanent.kind()) {
        case INVALID, NOT_FOUND, CONFLICT -> BAD_INPUT;
        case DAMAGED, FAILED -> FAILED;
      };
    }
    return FAILED;
  }

  /** For who waited for a run's end. */
  static int of(Status end) {
    return switch (end) {
      case SUCCESS -> DONE;
      case CANCELED, CANCELLING -> CANCELED;
      default -> FAILED;
    };
  }
}
