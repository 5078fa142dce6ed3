/**
 * Tidemark in one JVM, on a laptop or a virtual machine. What runs and waits is kept in a state
 * folder, which several processes may use at once:
 *
 * <pre>
 * state.db              rows and messages ({@link dev.tidemark.local.sqlite})
 * processes/ID.lock     one for each living process ({@link dev.tidemark.local.Processes})
 * notices.jsonl         what became of runs, a CloudEvent a line ({@link dev.tidemark.local.NoticeFile})
 * native/               SQLite's library, unpacked once
 * </pre>
 */
@NullMarked
package dev.tidemark.local;

import org.jspecify.annotations.NullMarked;
