package dev.tidemark.engine.weaviate;

import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.failure.PermanentFailure.Kind;
import dev.tidemark.core.failure.TransientFailure;
import dev.tidemark.engine.http.Reply;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Why a native backup was not begun. A server says the same by different statuses: another backup
 * in progress is 422 where the node that was asked coordinates it, and 500 where another one does;
 * so the words decide.
 */
sealed interface Refusal {
  Pattern BUSY = Pattern.compile("backup (\\S+) already in progress");

  /** Where nodes look for each other, or for a leader, servers say 422 too. */
  Pattern UNSETTLED =
      Pattern.compile(
          "rpc error:|leader not found|not the leader|leadership (?:lost|transfer)"
              + "|connection refused|context deadline exceeded|i/o timeout",
          Pattern.CASE_INSENSITIVE);

  /** There is one of that id at that place: ours, of a request whose answer was lost. */
  record Exists() implements Refusal {}

  /** Something else has to end first: another backup, a reindexing. */
  record Busy(String what) implements Refusal {}

  /** Trying again may help. */
  record Passing(TransientFailure failure) implements Refusal {}

  /** It is refused for good. */
  record Final(PermanentFailure failure) implements Refusal {}

  /** Whether a cluster that has lost a node refuses what it will take when it has settled. */
  static boolean isUnsettled(Reply reply) {
    return !reply.ok() && UNSETTLED.matcher(reply.words()).find();
  }

  static Refusal of(String id, Reply reply) {
    String words = reply.words();
    String lower = words.toLowerCase(Locale.ROOT);
    Matcher busy = BUSY.matcher(words);
    if (busy.find()) {
      return busy.group(1).equals(id)
          ? new Exists()
          : new Busy("native backup " + busy.group(1) + " of the same cluster is in progress");
    }
    if (lower.contains("already exists at")) {
      return new Exists();
    }
    if (lower.contains("already in progress") || lower.contains("in flight")) {
      return new Busy(words);
    }
    if (isUnsettled(reply)) {
      return new Passing(new TransientFailure("native backup " + id + ": " + words));
    }
    if (reply.status() == 422 || reply.status() == 404 || reply.status() == 400) {
      boolean gone = lower.contains("doesn't exist") || lower.contains("does not exist");
      return new Final(
          PermanentFailure.of(gone ? Kind.NOT_FOUND : Kind.INVALID, "native backup " + id)
              .expected("the server to make it")
              .found(words)
              .hint(
                  gone
                      ? "it was dropped since the backup was requested: run the backup again"
                      : "look at what the server says, and at the cluster's configuration"));
    }
    return new Passing(new TransientFailure("native backup " + id + ": " + words));
  }
}
