package dev.tidemark.local;

import dev.tidemark.core.flow.Meters;
import dev.tidemark.core.transfer.Meter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** What this process's slices report of the units that they work. */
final class LiveProgress implements Meters {
  private final Map<String, Unit> units = new ConcurrentHashMap<>();

  /** A unit that was worked here. */
  static final class Unit implements Meter {
    private final String run;
    private final String name;
    private final String node;
    private final LongAdder inSlice = new LongAdder();
    private volatile long before;
    private volatile long total;

    private Unit(String run, String name, String node) {
      this.run = run;
      this.name = name;
      this.node = node;
    }

    @Override
    public void begin(long done, long expected) {
      inSlice.reset();
      before = done;
      // Found out once, it need not be found out for each slice.
      total = expected == 0 ? total : expected;
    }

    @Override
    public void done(long bytes) {
      inSlice.add(bytes);
    }

    @Override
    public boolean wantsTotal() {
      return total == 0;
    }

    String name() {
      return name;
    }

    String node() {
      return node;
    }

    /** Bytes of content in all; 0 where that is not known. */
    long total() {
      return total;
    }

    /** Bytes of content dealt with. */
    long done() {
      return before + inSlice.sum();
    }
  }

  @Override
  public Meter of(String run, String unit, String node) {
    return units.computeIfAbsent(run + " " + unit, key -> new Unit(run, unit, node));
  }

  /** The units of a run that were worked here, by node. */
  Map<String, List<Unit>> of(String run) {
    Map<String, List<Unit>> byNode = new TreeMap<>();
    for (Unit unit : units.values()) {
      if (unit.run.equals(run)) {
        byNode.computeIfAbsent(unit.node, node -> new ArrayList<>()).add(unit);
      }
    }
    return byNode;
  }

  void forget(String run) {
    units.values().removeIf(unit -> unit.run.equals(run));
  }
}
