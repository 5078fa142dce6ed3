package dev.tidemark.core.flow;

/**
 * A notice that is owed, in its cluster's partition: made by the commit that ended the run.
 *
 * @param notice as {@link dev.tidemark.events.NoticeCodec} writes it
 */
record NoticeRow(int v, String notice) {}
