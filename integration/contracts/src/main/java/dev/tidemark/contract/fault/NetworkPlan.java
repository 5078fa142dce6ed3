package dev.tidemark.contract.fault;

import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/** Says what goes wrong with which exchange. Asked by one thread at a time. */
@FunctionalInterface
public interface NetworkPlan {

  /**
   * What goes wrong with an exchange.
   *
   * @param request its first line, like {@code GET /v1/live HTTP/1.1}; with TLS, whatever came
   */
  NetworkFault faultOf(String request);

  /** All goes well. */
  static NetworkPlan none() {
    return request -> NetworkFault.PASS;
  }

  /** The same for every exchange, like a server that is down. */
  static NetworkPlan always(NetworkFault fault) {
    return request -> fault;
  }

  /** The same fault for the first few requests that are meant. */
  static NetworkPlan first(int count, Predicate<String> meant, NetworkFault fault) {
    var left = new AtomicInteger(count);
    return request -> meant.test(request) && left.getAndDecrement() > 0 ? fault : NetworkFault.PASS;
  }

  /**
   * Faults by chance. The order in which requests arrive decides whom they hit, so a seed gives the
   * same faults again, not always to the same requests.
   *
   * @param oneIn about one of so many exchanges is hit
   */
  static NetworkPlan seeded(long seed, int oneIn, List<NetworkFault> faults) {
    var random = new Random(seed);
    return request ->
        random.nextInt(oneIn) == 0 ? faults.get(random.nextInt(faults.size())) : NetworkFault.PASS;
  }

  /**
   * Storms by chance: the same fault at several exchanges in a row, so that a client that tries
   * again does not get through at once. May be the plan of several proxies.
   *
   * @param oneIn about one of so many exchanges begins one, where there is none
   * @param most exchanges of a storm
   */
  static NetworkPlan storms(long seed, int oneIn, int most, List<NetworkFault> faults) {
    var random = new Random(seed);
    return new NetworkPlan() {
      private NetworkFault storm = NetworkFault.PASS;
      private int left;

      @Override
      public synchronized NetworkFault faultOf(String request) {
        if (left == 0) {
          boolean begins = random.nextInt(oneIn) == 0;
          storm = begins ? faults.get(random.nextInt(faults.size())) : NetworkFault.PASS;
          left = begins ? 1 + random.nextInt(most) : 1;
        }
        left--;
        return storm;
      }
    };
  }
}
