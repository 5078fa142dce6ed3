package dev.tidemark.aws;

import dev.tidemark.core.flow.Workers;
import dev.tidemark.core.time.Ids;

/**
 * Who holds leases on Lambda: an invocation, for a process that is frozen between two of them, or
 * restored from a snapshot of another, holds nothing. Nobody can tell of another invocation whether
 * it died, so that its leases end with its slice.
 */
final class Invocations implements Workers {
  private final Ids ids;
  private volatile String self;
  private volatile String request = "";

  Invocations(Ids ids) {
    this.ids = ids;
    this.self = ids.text(12);
  }

  void begin(String requestId) {
    self = ids.text(12);
    request = requestId;
  }

  /** The present invocation's id to Lambda; empty before the first. */
  String request() {
    return request;
  }

  @Override
  public String self() {
    return self;
  }

  @Override
  public boolean gone(String worker) {
    return false;
  }
}
