package dev.tidemark.core.notice;

import dev.tidemark.events.Notice;

/**
 * Tells the outside what became of runs. Only one step of the flow does so, from rows that were
 * committed together with what they tell: a notice is never lost between the two, and may come
 * twice, with the same id.
 */
public interface NoticeBus {

  /**
   * Publishes a notice. When this returns, it is safe with whoever passes it on.
   *
   * @throws dev.tidemark.core.failure.TransientFailure where it may or may not have been published
   * @throws dev.tidemark.core.failure.PermanentFailure where the bus is not there, or refuses it;
   *     it was not published
   */
  void publish(Notice notice);
}
