package dev.tidemark.core.memory;

import dev.tidemark.core.notice.NoticeBus;
import dev.tidemark.events.Notice;
import java.util.ArrayList;
import java.util.List;

/** Notices in a list. */
public final class InMemoryNoticeBus implements NoticeBus {
  private final List<Notice> published = new ArrayList<>();

  @Override
  public synchronized void publish(Notice notice) {
    published.add(notice);
  }

  /** In the order in which they came. */
  public synchronized List<Notice> published() {
    return List.copyOf(published);
  }
}
