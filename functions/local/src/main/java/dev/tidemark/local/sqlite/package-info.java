/**
 * The state table and the two queues in one SQLite file.
 *
 * <p>Every change is one immediate transaction in a write-ahead log that is synced at each commit,
 * so what was answered survives the process and the machine, and what was not happened entirely or
 * not at all. Several processes may share the file; one writes at a time and readers never wait.
 * There is no reply to lose between a client and its file, so puts carry no write id: a commit
 * whose outcome SQLite does not know is a {@link dev.tidemark.core.failure.TransientFailure}.
 */
@NullMarked
package dev.tidemark.local.sqlite;

import org.jspecify.annotations.NullMarked;
