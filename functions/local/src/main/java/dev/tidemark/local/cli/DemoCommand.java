package dev.tidemark.local.cli;

import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.failure.PermanentFailure.Kind;
import dev.tidemark.core.secret.Redaction;
import dev.tidemark.local.JsonLog;
import dev.tidemark.local.SecureIds;
import dev.tidemark.local.app.Tidemark;
import dev.tidemark.local.demo.Demo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code tidemark demo}. */
@Command(
    name = "demo",
    description = {
      "Backs up a small cluster of our own storage nodes while it is written to, wipes it, restores"
          + " it, and proves that it is what it was. Takes less than a minute, and leaves nothing.",
      "Exit code 0 only where the proof holds."
    })
final class DemoCommand implements Callable<Integer> {
  private final Session session;

  @Option(
      names = "--keep",
      description = "Leave the nodes running and the folder in place, to try more commands.")
  boolean keep;

  DemoCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() throws IOException {
    String nodes = System.getProperty("tidemark.nodes", "");
    if (nodes.isEmpty()) {
      throw PermanentFailure.of(Kind.NOT_FOUND, "the storage node's program")
          .expected("its class path in the system property tidemark.nodes")
          .found("nothing")
          .hint("start the demo by the script `tidemark`, which knows it");
    }
    Path folder = Files.createTempDirectory("tidemark-demo-");
    var demo = new Demo(folder, nodes, new SecureIds().text(24), this::tell);
    var interrupted = new AtomicBoolean();
    Runnable clean =
        () -> {
          // Ctrl-C and the story that it interrupts both come here.
          synchronized (interrupted) {
            demo.close();
            Demo.delete(folder);
          }
        };
    Runnable goodbye =
        () -> {
          interrupted.set(true);
          clean.run();
        };
    Runnable uninterrupted = session.environment.interruption().during(goodbye, ExitCode.CANCELED);
    boolean kept = false;
    try {
      Demo.Result result = demo.run(this::open);
      kept = keep;
      next(demo, folder, result);
      return result.proven() ? ExitCode.DONE : ExitCode.FAILED;
    } catch (RuntimeException e) {
      if (interrupted.get()) {
        // The nodes were taken from under it.
        return ExitCode.CANCELED;
      }
      throw e;
    } finally {
      uninterrupted.run();
      if (!kept) {
        clean.run();
      }
    }
  }

  /** At once: it is a story that somebody watches. */
  private void tell(String line) {
    session.output.line(line);
    session.output.out().flush();
  }

  private Tidemark open(Path configuration) {
    Path state = configuration.resolveSibling("state");
    var log = new JsonLog(state.resolve("log"), session.environment.clock(), new Redaction());
    return session.opened(configuration, state, log);
  }

  private void next(Demo demo, Path folder, Demo.Result result) {
    Output out = session.output;
    out.line("");
    out.line(
        result.proven()
            ? "Proven: the restored cluster is the one that was backed up."
            : "NOT PROVEN: the restored cluster differs from the one that was backed up.");
    if (!keep) {
      out.line("Everything was removed again. `tidemark demo --keep` leaves it, to try more.");
      return;
    }
    String tidemark = script() + " --config " + demo.configuration();
    out.line("The vault is in " + folder.resolve("vault") + "; both nodes run. Try:");
    out.line("  " + tidemark + " backup list");
    out.line("  " + tidemark + " backup diff first second");
    out.line("  " + tidemark + " verify second --level full");
    out.line("  " + tidemark + " restore create first --plan --suffix=-yesterday");
    out.line("  " + tidemark + " restore create first --suffix=-yesterday");
    out.line("Stop the nodes, and remove everything:");
    out.line(
        "  kill "
            + result.nodePids().stream().map(String::valueOf).collect(Collectors.joining(" "))
            + " && rm -r "
            + folder);
  }

  private static String script() {
    @Nullable String script = System.getProperty("tidemark.script");
    return script == null || script.isEmpty() ? "tidemark" : script;
  }
}
