package dev.tidemark.core.flow;

import java.util.Locale;

/** The only maker of the table's keys. */
final class Rows {
  static final String TIMERS = "t";
  static final String CLUSTERS = "n";
  static final String DUE = "due:";
  static final String IDENTITY = "identity";
  static final String ENGINE = "engine";
  static final String RUN = "run:";
  static final String PLAN = "plan";
  static final String LANE_OPEN = "lane:open:";
  static final String LANE_DONE = "lane:done:";
  static final String OWED = "owed:";
  static final String FILL = "fill";
  static final String OPEN = "open:";
  static final String DONE = "done:";
  static final String DROPPED = "dropped:";
  static final String SLOT = "slot:";

  private Rows() {}

  static String cluster(String name) {
    return "c:" + name;
  }

  static String run(String writer) {
    return RUN + writer;
  }

  static String backup(String vault, String backupId) {
    return backups(vault) + backupId;
  }

  static String backups(String vault) {
    return "backup:" + vault + ":";
  }

  /** How far a verification is, and what it found. */
  static String verification(String writer) {
    return "verify:" + writer;
  }

  /** Which verification is at work on a backup. */
  static String verifying(String vault, String backupId) {
    return "verifying:" + vault + ":" + backupId;
  }

  static String notices(String writer) {
    return "notice:" + writer + ":";
  }

  static String slot(String policy) {
    return SLOT + policy;
  }

  static String ofRun(String run) {
    return "r:" + run;
  }

  static String ofLane(String run, String lane) {
    return "l:" + run + ":" + lane;
  }

  static String due(long epochSecond, String id) {
    return DUE + String.format(Locale.ROOT, "%010d:%s", epochSecond, id);
  }
}
