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
    private final long expected;
    private final LongAdder read = new LongAdder();
    private final LongAdder stored = new LongAdder();
    private final LongAdder reused = new LongAdder();
    private final LongAdder files = new LongAdder();

    private Unit(String run, String name, String node, long expected) {
      this.run = run;
      this.name = name;
      this.node = node;
      this.expected = expected;
    }

    @Override
    public void read(long bytes) {
      read.add(bytes);
    }

    @Override
    public void stored(long bytes) {
      stored.add(bytes);
    }

    @Override
    public void reused(long bytes) {
      reused.add(bytes);
    }

    @Override
    public void fileDone() {
      files.increment();
    }

    String name() {
      return name;
    }

    String node() {
      return node;
    }

    long expected() {
      return expected;
    }

    /** Bytes of content dealt with: read, or known without reading. */
    long bytes() {
      return read.sum() + reused.sum();
    }

    long storedBytes() {
      return stored.sum();
    }

    long filesDone() {
      return files.sum();
    }
  }

  @Override
  public Meter of(String run, String unit, String node, long bytes) {
    return units.computeIfAbsent(run + " " + unit, key -> new Unit(run, unit, node, bytes));
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
