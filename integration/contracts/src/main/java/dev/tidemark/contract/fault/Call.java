package dev.tidemark.contract.fault;

import java.lang.reflect.Method;

/**
 * A call of a port.
 *
 * @param port the simple name of the interface as which the port was wrapped, like {@code
 *     BlobStore}, or of a role of an engine, like {@code Source} or {@code Listing}
 * @param number counts the calls of this method from 1, over all processes
 * @param overall counts the calls of all ports from 1, over all processes
 */
public record Call(String port, Method method, int number, int overall) {

  /** The method, like {@code BlobStore.create}. */
  public String name() {
    return port + "." + method.getName();
  }

  @Override
  public String toString() {
    return name() + " #" + number;
  }
}
