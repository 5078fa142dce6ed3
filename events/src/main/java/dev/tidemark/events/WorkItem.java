package dev.tidemark.events;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One unit of work on a queue: what to do, for which run, and where in it. Delivered at least once
 * and in any order; whoever handles it must bear a duplicate.
 *
 * @param version format of the item; this release writes {@link #CURRENT} and reads that and the
 *     one before
 * @param run {@code <cluster name>.<writer>}
 * @param lane the lane, for items of a lane or a unit; else null
 * @param unit the unit's key (20 hex), for items of a unit; else null
 * @param epoch the lease that the sender knew of the unit; 0 where there is none
 * @param attempt how many times in a row this item has failed without progress; 0 at first
 */
public record WorkItem(
    int version,
    Kind kind,
    String run,
    @Nullable String lane,
    @Nullable String unit,
    int epoch,
    int attempt) {

  public static final int CURRENT = 1;

  /** What an item asks for; each kind has exactly one step in the dispatcher. */
  public enum Kind {
    BACKUP_PLAN("backup.plan", Queue.CONTROL),
    LANE_FILL("lane.fill", Queue.CONTROL),
    UNIT_SNAPSHOT("unit.snapshot", Queue.CONTROL),
    UNIT_TRANSFER("unit.transfer", Queue.TRANSFER),
    BACKUP_SEAL("backup.seal", Queue.CONTROL),
    RESTORE_PLAN("restore.plan", Queue.CONTROL),
    UNIT_RESTORE("unit.restore", Queue.TRANSFER),
    RESTORE_FINISH("restore.finish", Queue.CONTROL),
    BACKUP_VERIFY("backup.verify", Queue.TRANSFER),
    RUN_CANCEL("run.cancel", Queue.CONTROL),
    RUN_WATCH("run.watch", Queue.CONTROL),
    RUN_CLOSE("run.close", Queue.CONTROL),
    RUN_ANNOUNCE("run.announce", Queue.CONTROL);

    private final String word;
    private final Queue queue;

    Kind(String word, Queue queue) {
      this.word = word;
      this.queue = queue;
    }

    /** The word on the wire. */
    public String word() {
      return word;
    }

    public Queue queue() {
      return queue;
    }
  }

  /** The two queues: short steps, and transfers of which one fills an invocation. */
  public enum Queue {
    CONTROL,
    TRANSFER
  }

  public WorkItem {
    Objects.requireNonNull(kind, "kind");
    Objects.requireNonNull(run, "run");
  }

  public static WorkItem ofRun(Kind kind, String run) {
    return new WorkItem(CURRENT, kind, run, null, null, 0, 0);
  }

  public static WorkItem ofLane(Kind kind, String run, String lane) {
    return new WorkItem(CURRENT, kind, run, lane, null, 0, 0);
  }

  public static WorkItem ofUnit(Kind kind, String run, String lane, String unit, int epoch) {
    return new WorkItem(CURRENT, kind, run, lane, unit, epoch, 0);
  }

  /** The same item after one more attempt without progress. */
  public WorkItem again() {
    return new WorkItem(version, kind, run, lane, unit, epoch, attempt + 1);
  }
}
