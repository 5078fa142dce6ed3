package dev.tidemark.aws;

import java.util.List;
import java.util.Random;

/** Kills processes of functions by chance, a few, so that the rest gets done. */
final class Kills {
  private final List<LambdaFunction> functions;
  private final Random chance;
  private int left;
  private int done;

  /**
   * @param seed is printed, to do the same again
   * @param most how many
   */
  Kills(long seed, int most, LambdaFunction... functions) {
    this.functions = List.of(functions);
    this.chance = new Random(seed);
    this.left = most;
    System.out.printf("kills up to %d processes, seed %d%n", most, seed);
  }

  /** Kills a process in the middle of what it does, or none. */
  void maybeOne() {
    LambdaFunction victim = functions.get(chance.nextInt(functions.size()));
    if (left > 0 && chance.nextInt(3) == 0 && victim.killOne(chance.nextInt())) {
      left--;
      done++;
    }
  }

  int done() {
    return done;
  }
}
