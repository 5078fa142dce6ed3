package dev.tidemark.aws;

import java.util.List;
import java.util.Random;

/** Kills processes of functions by chance, a few, so that the rest gets done. */
final class Kills {
  private final List<LambdaFunction> functions;
  private final Random chance;
  private final int patience;
  private int left;
  private int looks;
  private int done;

  /**
   * @param seed is printed, to do the same again
   * @param most how many
   */
  Kills(long seed, int most, LambdaFunction... functions) {
    this.functions = List.of(functions);
    this.chance = new Random(seed);
    this.patience = chance.nextInt(8);
    this.left = most;
    System.out.printf("kills up to %d processes, seed %d%n", most, seed);
  }

  /**
   * Kills a process in the middle of what it does, or none. Where chance has met none for a while,
   * the first that is seen busy, so that there is one in the end.
   */
  void maybeOne() {
    boolean late = done == 0 && looks++ >= patience;
    LambdaFunction victim = functions.get(chance.nextInt(functions.size()));
    List<LambdaFunction> victims = late ? functions : List.of(victim);
    if (left > 0
        && (chance.nextInt(3) == 0 || late)
        && victims.stream().anyMatch(each -> each.killOne(chance.nextInt()))) {
      left--;
      done++;
    }
  }

  int done() {
    return done;
  }
}
