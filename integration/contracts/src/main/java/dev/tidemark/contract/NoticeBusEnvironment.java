package dev.tidemark.contract;

import dev.tidemark.core.notice.NoticeBus;
import java.util.List;

/** A bus, and somebody who reads it. */
public interface NoticeBusEnvironment {

  /** A client of its own. */
  NoticeBus open();

  /**
   * What has arrived since the beginning of the test, in any order, as {@link
   * dev.tidemark.events.NoticeCodec} writes it; waits for so many.
   */
  List<String> arrived(int atLeast);
}
