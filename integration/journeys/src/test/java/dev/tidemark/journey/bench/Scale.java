package dev.tidemark.journey.bench;

import java.io.File;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What is asked for, by system properties {@code bench.*}.
 *
 * @param parts which benchmarks: {@code tools}, {@code buckets}, {@code commands}, {@code units},
 *     {@code micro}, {@code weaviate}
 * @param gib how much is generated; as much at most is copied of each real tree
 * @param rounds how often each step of {@code tools} is run
 * @param seed of the generated tree and its changes
 * @param folder where everything is done, and so the disk that is measured; emptied at the start
 * @param trees real folders to copy from; those that are not there are left out
 * @param units how many of them
 * @param objects how many {@code weaviate} loads
 * @param changes how many percent of them change before each of its days but the first
 * @param home of the project, with the start script
 * @param report the file to write
 */
record Scale(
    Set<String> parts,
    double gib,
    int rounds,
    long seed,
    Path folder,
    List<Path> trees,
    List<Integer> units,
    int objects,
    List<Double> changes,
    Path home,
    Path report) {

  private static final Set<String> PARTS =
      Set.of("tools", "buckets", "commands", "units", "micro", "weaviate");

  static Scale ofProperties() {
    Set<String> parts = words("parts", ",").collect(Collectors.toSet());
    if (!PARTS.containsAll(parts)) {
      throw new IllegalArgumentException(
          "bench.parts: expected some of " + PARTS + ", found " + parts);
    }
    return new Scale(
        parts,
        positive("gib"),
        (int) Math.ceil(positive("rounds")),
        Long.parseLong(text("seed")),
        Path.of(text("folder")).toAbsolutePath(),
        words("trees", File.pathSeparator).map(Path::of).toList(),
        words("units", ",").map(Integer::valueOf).toList(),
        (int) positive("weaviate"),
        words("changes", ",").map(Double::valueOf).toList(),
        Path.of(text("home")).toAbsolutePath().normalize(),
        Path.of(text("report")).toAbsolutePath());
  }

  private static double positive(String name) {
    double value = Double.parseDouble(text(name));
    if (!(value > 0)) {
      throw new IllegalArgumentException(
          "bench." + name + ": expected more than 0, found " + value);
    }
    return value;
  }

  private static Stream<String> words(String name, String separator) {
    return Arrays.stream(text(name).split(separator, -1))
        .map(String::strip)
        .filter(word -> !word.isEmpty());
  }

  private static String text(String name) {
    String value = System.getProperty("bench." + name);
    if (value == null) {
      throw new IllegalArgumentException(
          "bench." + name + " is not set. Hint: run mvn -Pbench verify, which has the defaults");
    }
    return value;
  }
}
