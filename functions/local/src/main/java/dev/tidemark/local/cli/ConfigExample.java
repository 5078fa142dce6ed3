package dev.tidemark.local.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code tidemark config example}. */
@Command(
    name = "example",
    description = "Prints a configuration to begin with: tidemark config example > tidemark.yaml")
final class ConfigExample implements Callable<Integer> {
  private final Session session;

  ConfigExample(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    session.output.out().print(text());
    return ExitCode.DONE;
  }

  static String text() {
    try (InputStream in = ConfigExample.class.getResourceAsStream("tidemark.example.yaml")) {
      return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
