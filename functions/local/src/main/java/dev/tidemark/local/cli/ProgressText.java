package dev.tidemark.local.cli;

import dev.tidemark.local.app.Progress;

/** Progress in words. */
final class ProgressText {
  private ProgressText() {}

  static String whole(Progress progress, Pace pace) {
    return join(
        progress.status().name(),
        units(progress.unitsDone(), progress.units()),
        bytes(progress.bytes(), progress.bytesTotal()),
        pace.words(progress.bytes(), progress.bytesTotal()));
  }

  static String node(Progress.Node node, Pace pace) {
    return join(
        node.name(),
        units(node.unitsDone(), node.units()),
        bytes(node.bytes(), node.bytesTotal()),
        pace.words(node.bytes(), node.bytesTotal()));
  }

  static String unit(Progress.Unit unit, Pace pace) {
    return join(
        unit.name(),
        bytes(unit.bytes(), unit.bytesTotal()),
        pace.words(unit.bytes(), unit.bytesTotal()));
  }

  private static String units(long done, long all) {
    return all == 0 ? "" : "%s/%s units".formatted(Units.count(done), Units.count(all));
  }

  private static String bytes(long done, long all) {
    if (all <= 0) {
      return done == 0 ? "" : Units.bytes(done);
    }
    long percent = Math.min(100, Math.round(Math.floor(100.0 * done / all)));
    return "%s of %s (%d %%)".formatted(Units.bytes(done), Units.bytes(all), percent);
  }

  private static String join(String... pieces) {
    var text = new StringBuilder();
    for (String piece : pieces) {
      text.append(text.length() == 0 || piece.isEmpty() ? "" : "  ").append(piece);
    }
    return text.toString();
  }
}
