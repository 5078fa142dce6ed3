package dev.tidemark.core.engine;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The canonical name of a bin: a unit of several small shards of one collection on one node, those
 * for which the SHA-256 of the canonical name begins with some bits. Written {@code
 * collection//node/bits*}, as no shard's canonical name is: where that has a slash, a name follows
 * it.
 *
 * <p>A shard's name never has the node in it, so that a shard that moves keeps its base. A bin's
 * does: lanes are those of one node, and so is a unit. Without the node two nodes would have a unit
 * of one name, and a shard that moved would change the content of two. With it a moved shard leaves
 * one bin for another, and is stored once more; that is all it costs, for a base is only ever used
 * within one cluster id.
 *
 * @param collection escaped
 * @param node escaped
 * @param bits {@code 0}s and {@code 1}s, at most {@link #MAX_BITS}; empty where the bin takes all
 */
public record BinName(String collection, String node, String bits) {
  public static final int MAX_BITS = 64;

  private static final Pattern TEXT =
      Pattern.compile("([^/]+)//([^/]*)/([01]{0," + MAX_BITS + "})\\*");

  /** The name of the bin with which a shard's collection on its node begins: it takes all. */
  public static BinName all(Shard shard) {
    return new BinName(Names.escape(shard.collection()), Names.escape(shard.node()), "");
  }

  /** The bin of the same collection and node with other bits. */
  public BinName with(String otherBits) {
    return new BinName(collection, node, otherBits);
  }

  /** Reads what {@link #toString} writes; nothing where the text is no bin's name. */
  public static Optional<BinName> parse(String text) {
    Matcher match = TEXT.matcher(text);
    return match.matches()
        ? Optional.of(new BinName(match.group(1), match.group(2), match.group(3)))
        : Optional.empty();
  }

  /** A unit as a person knows it, by its canonical name. */
  public static String words(String unit) {
    return parse(unit)
        .map(
            bin ->
                "%s (small shards %s* of node %s)"
                    .formatted(bin.collection(), bin.bits(), bin.node()))
        .orElse(unit);
  }

  @Override
  public String toString() {
    return collection + "//" + node + "/" + bits + "*";
  }
}
