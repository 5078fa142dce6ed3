package dev.tidemark.contract.fault;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Says what goes wrong at which call. Its text tells how to get the same plan again. */
public interface FaultPlan {

  /** What goes wrong with a call; nothing where it goes well. */
  Optional<Fault> faultOf(Call call);

  /** All goes well. */
  static FaultPlan none() {
    return named("no faults", call -> Optional.empty());
  }

  /**
   * One fault at one call.
   *
   * @param name like {@code BlobStore.create}
   * @param number from 1
   */
  static FaultPlan at(String name, int number, Fault fault) {
    return named(
        "%s at %s #%d".formatted(fault, name, number),
        call ->
            call.number() == number && call.name().equals(name)
                ? Optional.of(fault)
                : Optional.empty());
  }

  /** The same fault at every call of a method, like a store that is down. */
  static FaultPlan always(String name, Fault fault) {
    return named(
        "%s at every %s".formatted(fault, name),
        call -> call.name().equals(name) ? Optional.of(fault) : Optional.empty());
  }

  /**
   * Faults by chance. Which calls they hit follows from the seed and from each call's method and
   * number, so it does not depend on how the calls of different ports interleave.
   *
   * @param oneIn about one of so many calls is hit
   * @param faults one of these that fits
   */
  static FaultPlan seeded(long seed, int oneIn, List<Fault> faults) {
    return named(
        "seed %d, one in %d of %s".formatted(seed, oneIn, faults),
        call -> {
          long chance = mixed(seed + 31L * call.name().hashCode() + 1_000_003L * call.number());
          List<Fault> fitting = faults.stream().filter(fault -> fault.fits(call)).toList();
          return fitting.isEmpty() || chance % oneIn != 0
              ? Optional.empty()
              : Optional.of(fitting.get((int) (chance / oneIn % fitting.size())));
        });
  }

  /** A plan for each fault that fits each call, in the order of the calls. */
  static Stream<FaultPlan> sweep(Collection<Call> calls, List<Fault> faults) {
    return calls.stream()
        .flatMap(
            call ->
                faults.stream()
                    .filter(fault -> fault.fits(call))
                    .map(fault -> at(call.name(), call.number(), fault)));
  }

  /** This plan, and another one where this one has nothing. */
  default FaultPlan and(FaultPlan other) {
    return named(this + " and " + other, call -> faultOf(call).or(() -> other.faultOf(call)));
  }

  private static FaultPlan named(String name, FaultPlan plan) {
    return new FaultPlan() {
      @Override
      public Optional<Fault> faultOf(Call call) {
        return plan.faultOf(call);
      }

      @Override
      public String toString() {
        return name;
      }
    };
  }

  private static long mixed(long seed) {
    long z = seed * 0x9E3779B97F4A7C15L;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return (z ^ (z >>> 31)) >>> 1;
  }
}
