package dev.tidemark.aws;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What Terraform's module sets for the JVM of transfers, read from there. It wins over what Lambda
 * sets for every function.
 *
 * @see <a href="https://docs.aws.amazon.com/lambda/latest/dg/java-customization.html">Lambda</a>
 */
final class TransferOptions {
  static final String VARIABLE = "JAVA_TOOL_OPTIONS";

  private static final Path MODULE = Path.of("..", "..", "infra-terraform", "aws", "functions.tf");
  private static final Pattern OPTION = Pattern.compile("\"(-XX:[^\"]+)\"");

  private TransferOptions() {}

  /** The variables that a handler's function has for its JVM. */
  static Map<String, String> variables(Class<?> handler) {
    return handler == TransferHandler.class ? Map.of(VARIABLE, options()) : Map.of();
  }

  private static String options() {
    try {
      String options =
          OPTION
              .matcher(Files.readString(MODULE))
              .results()
              .map(option -> option.group(1))
              .collect(Collectors.joining(" "));
      if (options.isEmpty()) {
        throw new IllegalStateException("no options of the JVM in " + MODULE);
      }
      return options;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** As options of a command, after those that they win over. */
  static List<String> of(Map<String, String> environment) {
    String options = environment.getOrDefault(VARIABLE, "");
    return options.isEmpty() ? List.of() : List.of(options.split(" ", -1));
  }
}
