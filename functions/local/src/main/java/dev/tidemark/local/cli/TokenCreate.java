package dev.tidemark.local.cli;

import dev.tidemark.api.access.Token;
import dev.tidemark.core.config.Role;
import dev.tidemark.local.SecureIds;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code tidemark token create}. */
@Command(
    name = "create",
    description = {
      "Prints a new token for the API, and what to configure. Nothing keeps the token: give it to"
          + " whoever is to use it, and only its hash to the server."
    })
final class TokenCreate implements Callable<Integer> {
  private final Session session;

  @Option(
      names = "--name",
      paramLabel = "NAME",
      defaultValue = "operator",
      description = "What the configuration and logs call it. Default: operator.")
  String name = "operator";

  @Option(
      names = "--role",
      paramLabel = "ROLE",
      defaultValue = "operator",
      description = "reader, operator (the default) or admin.")
  String role = "operator";

  TokenCreate(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    if (!name.matches("[a-z0-9-]{1,40}")) {
      throw Arguments.refused("--name", "1 to 40 of a-z, 0-9 and -", name);
    }
    Role known =
        Role.named(role)
            .orElseThrow(() -> Arguments.refused("--role", "one of " + Role.WORDS, role));
    String token = Token.mint(new SecureIds());
    String hash = Token.hash(token);
    Output out = session.output;
    if (out.isJson()) {
      out.json(
          json ->
              json.object(
                  () -> {
                    json.field("name", name);
                    json.field("role", known.word());
                    json.field("token", token);
                    json.field("hash", hash);
                  }));
      return ExitCode.DONE;
    }
    out.line(token);
    out.line("");
    out.line("# in the server's configuration:");
    out.line("api:");
    out.line("  tokens:");
    out.line("    %s: { role: %s, hash: \"%s\" }".formatted(name, known.word(), hash));
    return ExitCode.DONE;
  }
}
