package dev.tidemark.journey.bench;

import dev.tidemark.journey.sim.ManyUnits;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Unchanged units through the whole flow, over ports in memory: what the flow itself costs. */
final class Units {
  private final Scale scale;
  private final Report report;

  Units(Scale scale, Report report) {
    this.scale = scale;
    this.report = report;
  }

  void run() {
    report.line("## Units");
    ManyUnits.backUp(1_000); // what is timed next is compiled
    List<List<String>> rows = new ArrayList<>();
    for (int units : scale.units()) {
      report.progress("%d units", units);
      ManyUnits.Seconds took = ManyUnits.backUp(units);
      rows.add(
          List.of(
              String.format(Locale.ROOT, "%,d", units),
              "%.2f".formatted(took.first()),
              "%.2f".formatted(took.unchanged()),
              "%.0f".formatted(took.unchanged() * 1e6 / units),
              units == 10_000 ? "< %.0f s".formatted(Aims.TEN_THOUSAND_UNITS_SECONDS) : ""));
    }
    report.table(
        List.of("units", "first backup s", "unchanged backup s", "µs a unit", "aim"), rows);
  }
}
