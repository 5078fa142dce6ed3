package dev.tidemark.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FreePortsTest {

  /** By chance alone, some of so many would be equal. */
  @Test
  void noPortIsGivenTwiceAndNoneOfAPairTwiceEither() {
    List<Integer> ports = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      ports.add(FreePorts.any());
      int first = FreePorts.pair();
      ports.addAll(List.of(first, first + 1));
    }
    assertThat(ports).doesNotHaveDuplicates();
    assertThat(ports).allMatch(port -> port >= 20_000 && port < 32_768);
  }

  @Test
  void whatOneProcessWasGivenNoOtherOneGets() throws Exception {
    List<Method> processes = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      processes.add(another());
    }
    List<Integer> ports = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      for (Method any : processes) {
        ports.add((Integer) any.invoke(null));
      }
    }
    assertThat(ports).doesNotHaveDuplicates();
  }

  /** The same with blocks of its own, as another process has it. */
  private static Method another() throws Exception {
    URL here = FreePorts.class.getProtectionDomain().getCodeSource().getLocation();
    try (var classes = new URLClassLoader(new URL[] {here}, ClassLoader.getPlatformClassLoader())) {
      return classes.loadClass(FreePorts.class.getName()).getMethod("any");
    }
  }
}
