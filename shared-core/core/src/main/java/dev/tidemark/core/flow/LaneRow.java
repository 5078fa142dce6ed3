package dev.tidemark.core.flow;

import java.util.Map;

/**
 * A lane of a run.
 *
 * @param units how many were planned, also once some of them were dropped: racing sealers count
 *     them
 * @param index digest of its index object; empty until that is stored
 * @param notes how many of which kind, once its index is stored; likewise the totals
 */
record LaneRow(
    int v,
    String lane,
    String node,
    long units,
    String index,
    long entries,
    long files,
    long bytes,
    long stored,
    Map<String, Long> notes) {

  static LaneRow open(String lane, String node, long units) {
    return new LaneRow(1, lane, node, units, "", 0, 0, 0, 0, Map.of());
  }
}
