package dev.tidemark.core.transfer;

/**
 * Where parts and pieces are cut.
 *
 * @param partBytes a part is cut after so many newly stored bytes
 * @param partEntries a part is cut after so many entries, at most 50 000
 * @param pieceEntries a pack is closed when it spans so many entries, so that no more of them wait
 *     in memory; also what a slice that finds nothing to read does at least
 */
public record Limits(long partBytes, int partEntries, int pieceEntries) {
  public static final Limits DEFAULT = new Limits(4L << 30, 50_000, 8_192);
}
