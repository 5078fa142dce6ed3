package dev.tidemark.contract.fault;

import dev.tidemark.core.engine.StorageEngine;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One process of a simulation: the ports that it holds. Once it has crashed, whatever of it still
 * runs (other threads, handlers, {@code finally}) gets a {@link Crash} from every call and changes
 * nothing any more; only {@code close} goes through, for the files that the test itself holds open.
 */
public final class SimulatedProcess {
  private final Faults faults;
  private volatile @Nullable String died;

  SimulatedProcess(Faults faults) {
    this.faults = faults;
  }

  public boolean alive() {
    return died == null;
  }

  /** Kills the process from outside, between two of its calls. */
  public void kill() {
    died = "killed";
  }

  /**
   * A port as this process sees it. What its methods give that is itself a role of an engine (a
   * reader, a listing, a guard) is wrapped too.
   *
   * @param port an interface
   */
  public <T> T wrap(Class<T> port, T real) {
    return port.cast(
        Proxy.newProxyInstance(
            port.getClassLoader(),
            new Class<?>[] {port},
            (proxy, method, arguments) ->
                called(port, proxy, real, method, arguments == null ? new Object[0] : arguments)));
  }

  Crash die(String text) {
    died = text;
    return new Crash(text);
  }

  private @Nullable Object called(
      Class<?> port, Object proxy, Object real, Method method, Object[] arguments)
      throws Throwable {
    if (method.getDeclaringClass() == Object.class) {
      return switch (method.getName()) {
        case "equals" -> proxy == arguments[0];
        case "hashCode" -> System.identityHashCode(proxy);
        default -> "simulated " + real;
      };
    }
    if (method.getName().equals("close")) {
      return Faults.invoke(real, method, arguments);
    }
    String reason = died;
    if (reason != null) {
      throw new Crash("dead since: " + reason);
    }
    Object answer =
        tellsOnly(method)
            ? Faults.invoke(real, method, arguments)
            : faults.call(this, port.getSimpleName(), real, method, arguments);
    if (died != null) {
      throw new Crash("died during " + method.getName());
    }
    return wrapped(answer);
  }

  /** Methods that ask nobody: parts of an engine, constants, descriptions. */
  private static boolean tellsOnly(Method method) {
    Class<?> answer = method.getReturnType();
    return method.getParameterCount() == 0
        && (answer == String.class
            || answer == Duration.class
            || method.getDeclaringClass() == StorageEngine.class
            || method.getName().equals("stable"));
  }

  private @Nullable Object wrapped(@Nullable Object answer) {
    if (answer instanceof Optional<?> optional) {
      return optional.map(this::wrappedRole);
    }
    return answer == null ? null : wrappedRole(answer);
  }

  private Object wrappedRole(Object value) {
    Class<?> role = role(value.getClass());
    return role == null ? value : wrapAs(role, value);
  }

  private <T> T wrapAs(Class<T> role, Object value) {
    return wrap(role, role.cast(value));
  }

  private static @Nullable Class<?> role(@Nullable Class<?> type) {
    if (type == null) {
      return null;
    }
    for (Class<?> each : type.getInterfaces()) {
      if (isRole(each)) {
        return each;
      }
    }
    return role(type.getSuperclass());
  }

  private static boolean isRole(Class<?> type) {
    return type.getPackageName().equals(StorageEngine.class.getPackageName());
  }
}
