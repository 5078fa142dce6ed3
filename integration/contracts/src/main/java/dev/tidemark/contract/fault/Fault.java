package dev.tidemark.contract.fault;

import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.failure.TransientFailure;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.function.Function;

/** What goes wrong with one call. */
public sealed interface Fault {

  /** On which side of the real call. */
  enum When {
    BEFORE,
    AFTER
  }

  /** The caller gets a failure: instead of the real call, or instead of its answer. */
  record Fail(When when, Function<String, RuntimeException> failure) implements Fault {
    @Override
    public String toString() {
      return "fail " + when;
    }
  }

  /** Time passes, and others act meanwhile ({@link Meanwhile}). */
  record Slow(When when, Duration time) implements Fault {}

  /**
   * The call is made a second time, with the arguments of the first and unheard.
   *
   * @param later how many calls of any port are made in between
   */
  record Duplicate(int later) implements Fault {}

  /**
   * The answer to a query is put together from two: its second part is asked for when time has
   * passed and others have acted. Where a port allows pages that are short although more follow,
   * the page is short instead.
   */
  record Torn(Duration time) implements Fault {}

  /** The process dies. */
  record Dies(When when) implements Fault {}

  /** The real call is not made, and fails as transient. */
  static Fault failBefore() {
    return new Fail(When.BEFORE, TransientFailure::new);
  }

  /** The real call is made, and its reply is lost. */
  static Fault failAfter() {
    return new Fail(When.AFTER, TransientFailure::new);
  }

  /** The real call is not made, and fails for good. */
  static Fault refuse() {
    return new Fail(When.BEFORE, text -> PermanentFailure.of(PermanentFailure.Kind.FAILED, text));
  }

  static Fault crashBefore() {
    return new Dies(When.BEFORE);
  }

  static Fault crashAfter() {
    return new Dies(When.AFTER);
  }

  /**
   * Whether the fault can happen to a call: only lists and queries are torn, and a step of an
   * iterator is not done twice.
   */
  default boolean fits(Call call) {
    if (this instanceof Torn) {
      Class<?>[] parameters = call.method().getParameterTypes();
      return call.method().getReturnType() == List.class
          && parameters.length > 0
          && parameters[parameters.length - 1] == int.class;
    }
    return !(this instanceof Duplicate)
        || !Iterator.class.isAssignableFrom(call.method().getDeclaringClass());
  }
}
