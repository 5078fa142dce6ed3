package dev.tidemark.contract.fault;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A world of simulated processes whose calls of ports go wrong by plan. It counts and remembers all
 * calls, so that a sweep runs a journey once without faults and then once for each of its calls:
 *
 * <pre>{@code
 * var dry = new Faults(FaultPlan.none(), meanwhile);
 * journey(dry.process());
 * FaultPlan.sweep(dry.calls(), List.of(Fault.failBefore(), Fault.failAfter(), Fault.crashAfter()))
 *     .forEach(plan -> journey(new Faults(plan, meanwhile).process()));
 * }</pre>
 *
 * <p>May be used by several threads.
 */
public final class Faults {
  private final FaultPlan plan;
  private final Meanwhile meanwhile;
  private final Map<String, Integer> numbers = new HashMap<>();
  private final List<Call> calls = new ArrayList<>();
  private final List<Injected> injected = new ArrayList<>();
  private final List<Late> late = new ArrayList<>();

  /** A fault that happened. */
  public record Injected(Call call, Fault fault) {}

  private record Late(int due, Runnable call) {}

  public Faults(FaultPlan plan, Meanwhile meanwhile) {
    this.plan = plan;
    this.meanwhile = meanwhile;
  }

  /** A new process, alive until a crash among its calls. */
  public SimulatedProcess process() {
    return new SimulatedProcess(this);
  }

  /** All calls so far, in order. */
  public synchronized List<Call> calls() {
    return List.copyOf(calls);
  }

  /** How often each method was called, by names like {@code BlobStore.create}. */
  public synchronized SortedMap<String, Integer> counts() {
    return Collections.unmodifiableSortedMap(new TreeMap<>(numbers));
  }

  /** The faults that happened so far, in order. */
  public synchronized List<Injected> injected() {
    return List.copyOf(injected);
  }

  /** Makes the duplicates that are still on their way, as at the end of a simulation. */
  public void settle() {
    arrive(Integer.MAX_VALUE);
  }

  @Override
  public synchronized String toString() {
    return plan + "; happened: " + injected;
  }

  /** Makes a process's call, or what the plan has instead. */
  @Nullable Object call(
      SimulatedProcess process, String port, Object real, Method method, Object[] arguments)
      throws Throwable {
    Call call = count(port, method);
    arrive(call.overall());
    Optional<Fault> fault = plan.faultOf(call).filter(each -> each.fits(call));
    if (fault.isEmpty()) {
      return invoke(real, method, arguments);
    }
    synchronized (this) {
      injected.add(new Injected(call, fault.get()));
    }
    return faulty(process, call, fault.get(), real, arguments);
  }

  private @Nullable Object faulty(
      SimulatedProcess process, Call call, Fault fault, Object real, Object[] arguments)
      throws Throwable {
    Method method = call.method();
    String text = "simulated fault: %s at %s (%s)".formatted(fault, call, plan);
    if (fault instanceof Fault.Torn torn) {
      return Tearing.query(real, method, arguments, () -> meanwhile.pass(torn.time()));
    }
    if (fault instanceof Fault.Duplicate duplicate) {
      Object[] second = Arguments.copy(arguments);
      try {
        return invoke(real, method, arguments);
      } finally {
        synchronized (this) {
          late.add(
              new Late(call.overall() + duplicate.later(), () -> unheard(real, method, second)));
        }
        if (duplicate.later() == 0) {
          arrive(call.overall());
        }
      }
    }
    before(process, fault, text);
    Object answer = invoke(real, method, arguments);
    after(process, fault, text);
    return answer;
  }

  private void before(SimulatedProcess process, Fault fault, String text) {
    if (fault instanceof Fault.Fail fail && fail.when() == Fault.When.BEFORE) {
      throw fail.failure().apply(text);
    }
    if (fault instanceof Fault.Dies dies && dies.when() == Fault.When.BEFORE) {
      throw process.die(text);
    }
    if (fault instanceof Fault.Slow slow && slow.when() == Fault.When.BEFORE) {
      meanwhile.pass(slow.time());
    }
  }

  private void after(SimulatedProcess process, Fault fault, String text) {
    if (fault instanceof Fault.Fail fail) {
      throw fail.failure().apply(text);
    }
    if (fault instanceof Fault.Dies) {
      throw process.die(text);
    }
    if (fault instanceof Fault.Slow slow && slow.when() == Fault.When.AFTER) {
      meanwhile.pass(slow.time());
    }
  }

  private synchronized Call count(String port, Method method) {
    int number = numbers.merge(port + "." + method.getName(), 1, Integer::sum);
    var call = new Call(port, method, number, calls.size() + 1);
    calls.add(call);
    return call;
  }

  private void arrive(int overall) {
    List<Late> due = new ArrayList<>();
    synchronized (this) {
      late.removeIf(each -> each.due() <= overall && due.add(each));
    }
    due.forEach(each -> each.call().run());
  }

  private static void unheard(Object real, Method method, Object[] arguments) {
    try {
      invoke(real, method, arguments);
    } catch (RuntimeException e) {
      // Whoever asked has its answer already.
    } catch (Throwable e) {
      throw new AssertionError("duplicate of " + method, e);
    }
  }

  static @Nullable Object invoke(Object real, Method method, @Nullable Object[] arguments)
      throws Throwable {
    try {
      return method.invoke(real, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }
}
