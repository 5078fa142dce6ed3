package dev.tidemark.core.flow;

/** Who holds leases: an invocation in a cloud, a process on a local host. */
public interface Workers {

  /** The id of this one, {@code [a-z0-9]{1,32}}. */
  String self();

  /**
   * Whether a worker is known to be dead, so that its leases are free at once. A host that cannot
   * know answers false, and leases end by time.
   */
  boolean gone(String worker);
}
