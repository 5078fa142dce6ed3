package dev.tidemark.core.flow;

import java.time.Instant;

/** Whether a lease still counts. Only tells when to try; the row's version tells who is right. */
final class Leases {
  private Leases() {}

  static boolean live(Platform platform, String owner, long leaseEnd, Instant now) {
    return !owner.isEmpty() && leaseEnd > now.toEpochMilli() && !platform.workers().gone(owner);
  }
}
