package dev.tidemark.core.flow;

/**
 * When small shards become one unit. A unit costs some commits, messages, a part and a blob,
 * whatever it holds: nothing beside a gigabyte, and everything beside ten kilobytes.
 *
 * <p>What speaks against large bins: if one shard of a bin changes, the whole bin is listed again
 * and its parts are written anew (its unchanged files are not read); and now and then it is read
 * anew in full. So a bin is what one slice easily reads, and has so many entries that they fit one
 * part.
 *
 * @param smallBytes a shard below this is small. One that was a unit of its own in the base becomes
 *     part of a bin below half of it only, so that a shard whose size goes up and down stays where
 *     it is
 * @param bytes what the shards of a bin have together at most
 * @param shards how many a bin has at most, if the engine gives as many
 * @param fewest so many small shards of one collection on one node are worth a bin; fewer are only
 *     where the base has bins of them
 */
public record BinSettings(long smallBytes, long bytes, int shards, int fewest) {
  public static final BinSettings DEFAULT = new BinSettings(16L << 20, 256L << 20, 200, 16);

  /** Every shard is a unit of its own. */
  public static final BinSettings NONE = new BinSettings(0, 0, 1, Integer.MAX_VALUE);

  boolean isSmall(long shardBytes, Before before) {
    return shardBytes < (before == Before.ALONE ? smallBytes / 2 : smallBytes);
  }

  /** What a shard was in the base. */
  enum Before {
    ALONE,
    BINNED_OR_NEW
  }
}
