package dev.tidemark.events;

/** An item of a format that only a newer release reads: the receiver puts it back on its queue. */
public final class NewerItem extends RuntimeException {
  private static final long serialVersionUID = 1L;

  NewerItem(int version) {
    super(
        "work item of version %d, this release reads up to %d"
            .formatted(version, WorkItem.CURRENT));
  }
}
