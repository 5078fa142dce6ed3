package dev.tidemark.core.flow;

import dev.tidemark.core.engine.BinName;
import dev.tidemark.core.engine.Shard;
import dev.tidemark.core.vault.TreeDigest;
import dev.tidemark.core.vault.VaultKeys;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeMap;

/**
 * Makes units of shards: bins of the small ones, where there are enough of them, and of each other
 * shard its own. A function of the shards, in any order, and of the base.
 *
 * <p>A bin takes the small shards of one collection on one node for which the SHA-256 of the
 * canonical name begins with its bits. The rules, each of which moves as few shards as can be:
 *
 * <ul>
 *   <li>The bins of the base stay, whatever else comes and goes.
 *   <li>A bin that has become too large is split by one bit, and so on until all fit.
 *   <li>Bins of the base that together would fill a quarter of a bin become one.
 *   <li>A shard that falls into none of the base's bins begins one: with as few bits as keep it
 *       apart from them.
 *   <li>A bin of one shard is none: the shard is a unit of its own.
 * </ul>
 *
 * So a shard that comes, goes, moves, grows or shrinks changes its own bin, or the one that it
 * leaves and the one that it joins; a split or a union costs the shards of one bin. Whatever is in
 * another unit than in the base is stored once more.
 */
final class Bins {
  private final BinSettings settings;
  private final int mostShards;
  private final Base base;

  /**
   * @param shardsPerUnit as the engine's source says
   */
  Bins(BinSettings settings, int shardsPerUnit, Base base) {
    this.settings = settings;
    this.mostShards = Math.min(settings.shards(), shardsPerUnit);
    this.base = base;
  }

  /** A shard and the bits of its hash. */
  private record Small(Shard shard, String bits) {
    static Small of(Shard shard) {
      byte[] name = shard.canonicalName().getBytes(StandardCharsets.UTF_8);
      byte[] head = Arrays.copyOf(TreeDigest.sha256().digest(name), BinName.MAX_BITS / 8);
      String bits = new BigInteger(1, head).toString(2);
      return new Small(shard, "0".repeat(BinName.MAX_BITS - bits.length()) + bits);
    }
  }

  /** The units of some shards, each of which is in exactly one. */
  List<Plan.Unit> units(List<Shard> shards) {
    List<Plan.Unit> units = new ArrayList<>();
    Map<String, List<Shard>> groups = new TreeMap<>();
    for (Shard shard : shards) {
      if (isSmall(shard)) {
        groups.computeIfAbsent(BinName.all(shard).toString(), name -> new ArrayList<>()).add(shard);
      } else {
        units.add(alone(shard));
      }
    }
    for (List<Shard> group : groups.values()) {
      BinName all = BinName.all(group.get(0));
      NavigableSet<String> inherited = base.bins(all);
      if (inherited.isEmpty() && group.size() < settings.fewest()) {
        group.forEach(shard -> units.add(alone(shard)));
      } else {
        pack(all, inherited, group.stream().map(Small::of).toList(), units);
      }
    }
    return units;
  }

  private boolean isSmall(Shard shard) {
    return mostShards > 1
        && shard.folder().isPresent()
        && settings.isSmall(shard.bytes(), base.before(shard.canonicalName()));
  }

  private static Plan.Unit alone(Shard shard) {
    String name = shard.canonicalName();
    return new Plan.Unit(VaultKeys.unit(name), name, List.of(shard));
  }

  private void pack(
      BinName bin, NavigableSet<String> inherited, List<Small> shards, List<Plan.Unit> units) {
    if (shards.size() <= 1 || bin.bits().length() == BinName.MAX_BITS) {
      shards.forEach(small -> units.add(alone(small.shard())));
    } else if (fits(shards, 1) && !isDivided(bin.bits(), inherited, shards)) {
      units.add(unit(bin, shards));
    } else {
      for (String bit : List.of("0", "1")) {
        BinName half = bin.with(bin.bits() + bit);
        pack(
            half,
            inherited,
            shards.stream().filter(small -> small.bits().startsWith(half.bits())).toList(),
            units);
      }
    }
  }

  private boolean fits(List<Small> shards, int share) {
    long bytes = shards.stream().mapToLong(small -> small.shard().bytes()).sum();
    return shards.size() <= mostShards / share && bytes <= settings.bytes() / share;
  }

  /** Whether the base has bins in place of this one, which shall stay. */
  private boolean isDivided(String bits, NavigableSet<String> inherited, List<Small> shards) {
    if (inherited.contains(bits)) {
      return false;
    }
    List<String> below =
        inherited.tailSet(bits, false).stream().takeWhile(each -> each.startsWith(bits)).toList();
    return !below.isEmpty() && (!fits(shards, 4) || used(below, shards) < 2);
  }

  private static long used(List<String> bins, List<Small> shards) {
    return bins.stream()
        .filter(bits -> shards.stream().anyMatch(small -> small.bits().startsWith(bits)))
        .count();
  }

  private static Plan.Unit unit(BinName bin, List<Small> shards) {
    List<Shard> ordered =
        shards.stream()
            .map(Small::shard)
            .sorted(Comparator.comparing(shard -> shard.folder().orElseThrow()))
            .toList();
    String name = bin.toString();
    return new Plan.Unit(VaultKeys.unit(name), name, ordered);
  }
}
