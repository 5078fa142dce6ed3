package dev.tidemark.core.staging;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Removes what lies under a prefix of a staging area, objects and uploads. */
public final class StagingSweep {
  private static final int PAGE = 1_000;

  private final StagingArea area;

  public StagingSweep(StagingArea area) {
    this.area = area;
  }

  /**
   * Removes what was last written, or begun, before a moment. An object that others depend on, as a
   * descriptor does on its chunks, may so go after them.
   *
   * @param prefix must not be empty: areas are shared
   * @return how many objects and uploads there were
   */
  public int remove(String prefix, Instant before) {
    if (prefix.isEmpty()) {
      throw new IllegalArgumentException("an empty prefix would remove what is not ours");
    }
    int removed = 0;
    for (Upload upload : area.uploads(prefix, before)) {
      area.abort(upload);
      removed++;
    }
    String after = null;
    List<StagedObject> page = area.list(prefix, after, PAGE);
    while (!page.isEmpty()) {
      after = page.get(page.size() - 1).key();
      List<String> old = new ArrayList<>();
      for (StagedObject each : page) {
        if (each.written().isBefore(before)) {
          old.add(each.key());
        }
      }
      if (!old.isEmpty()) {
        area.delete(old);
        removed += old.size();
      }
      page = area.list(prefix, after, PAGE);
    }
    return removed;
  }
}
