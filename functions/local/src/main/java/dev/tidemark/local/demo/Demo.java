package dev.tidemark.local.demo;

import dev.tidemark.core.control.BackupName;
import dev.tidemark.core.control.CreateBackup;
import dev.tidemark.core.control.CreateRestore;
import dev.tidemark.core.control.RunView;
import dev.tidemark.core.control.Status;
import dev.tidemark.core.control.VaultPlace;
import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.failure.PermanentFailure.Kind;
import dev.tidemark.local.app.Tidemark;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The story of a cluster that is backed up, changed, backed up again, lost and restored. */
public final class Demo implements AutoCloseable {
  private static final String CLUSTER = "demo";
  private static final String FIRST = "first";
  private static final String SECOND = "second";

  private final Path folder;
  private final NodeProcesses nodes;
  private final NodeClient client;
  private final Consumer<String> out;

  /**
   * @param folder an empty one, for everything that the demonstration makes
   * @param nodeClassPath of the storage node's program
   * @param key the nodes' API key
   */
  public Demo(Path folder, String nodeClassPath, String key, Consumer<String> out) {
    this.folder = folder;
    this.out = out;
    Path keyFile = folder.resolve("key");
    write(keyFile, key);
    this.nodes = new NodeProcesses(folder, keyFile, nodeClassPath, List.of("n1", "n2"));
    this.client = new NodeClient(nodes.addresses(), key);
    write(configuration(), yaml());
  }

  /** The configuration file; the commands that are printed use it. */
  public Path configuration() {
    return folder.resolve("tidemark.yaml");
  }

  private String yaml() {
    return """
        # Made by `tidemark demo`: a cluster of two nodes, and a vault in a folder.
        settings: { state: state }
        vaults: { main: { path: vault } }
        clusters:
          demo:
            engine: embedded
            vault: main
            apiKey: file:key
            nodes: { %s }
        """
        .formatted(
            nodes.addresses().entrySet().stream()
                .map(node -> node.getKey() + ": \"" + node.getValue() + "\"")
                .reduce((a, b) -> a + ", " + b)
                .orElseThrow());
  }

  /** What became of it. */
  public record Result(boolean proven, List<Long> nodePids) {}

  /**
   * Tells the story.
   *
   * @param opening opens the application on the configuration
   */
  public Result run(Function<Path, Tidemark> opening) {
    long begun = System.nanoTime();
    nodes.start();
    out.accept("Two storage nodes: " + String.join(" and ", nodes.addresses().values()));
    var data = new SampleData(client);
    long loading = System.nanoTime();
    data.createCollections();
    data.load();
    out.accept(
        "Three collections, %,d objects with %d-dimensional vectors, loaded in %s"
            .formatted(data.total(), SampleObject.DIMENSIONS, since(loading)));
    try (Tidemark tidemark = opening.apply(configuration())) {
      tidemark.createVault(new VaultPlace.Named("main"));
      RunView first = whileWriting(data, () -> backup(tidemark, FIRST));
      show(first);
      long changed = data.change();
      RunView second = backup(tidemark, SECOND);
      out.accept("");
      out.accept("%,d objects (2 %%) changed, then:".formatted(changed));
      show(second);
      requireReuse(first, second);
      Proof before = Proof.of(client, data);
      nodes.wipe();
      nodes.start();
      out.accept("");
      out.accept("Both nodes killed and wiped, and started again, empty.");
      RunView restore = restore(tidemark);
      out.accept("Restored backup '%s' in %s".formatted(SECOND, took(restore)));
      boolean proven = prove(before, Proof.of(client, data));
      out.accept("The whole story took %s".formatted(since(begun)));
      return new Result(proven, nodes.pids());
    }
  }

  private interface Work {
    RunView run();
  }

  private RunView whileWriting(SampleData data, Work work) {
    RunView run;
    long written;
    try (var writer = new SteadyWriter(client, data)) {
      writer.start();
      run = work.run();
      written = writer.written();
    }
    out.accept("");
    out.accept("While an application wrote %,d objects, none of them refused:".formatted(written));
    return run;
  }

  private static RunView backup(Tidemark tidemark, String id) {
    RunView started =
        tidemark.createBackup(
            new CreateBackup(
                CLUSTER,
                id,
                null,
                null,
                List.of(),
                List.of(),
                new CreateBackup.Newest(),
                Map.of(),
                null,
                null));
    return succeeded(tidemark.await(started.run(), Tidemark.ProgressListener.NONE));
  }

  private static RunView restore(Tidemark tidemark) {
    RunView started =
        tidemark.createRestore(
            new CreateRestore(
                new BackupName(SECOND, CLUSTER, null),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                "",
                Map.of(),
                null,
                null,
                false));
    return succeeded(tidemark.await(started.run(), Tidemark.ProgressListener.NONE));
  }

  private static RunView succeeded(RunView run) {
    if (run.status() != Status.SUCCESS) {
      throw PermanentFailure.of(Kind.FAILED, "run " + run.run())
          .expected("SUCCESS")
          .found(run.status() + ": " + run.error());
    }
    return run;
  }

  private void show(RunView backup) {
    out.accept(
        "  backup '%s': %s, %d units, %,d files, %s, of which %s had to be stored"
            .formatted(
                backup.id(),
                took(backup),
                backup.units(),
                backup.files(),
                bytes(backup.bytes()),
                bytes(backup.stored())));
  }

  private static void requireReuse(RunView first, RunView second) {
    if (second.stored() * 4 > first.stored()) {
      throw PermanentFailure.of(Kind.FAILED, "backup " + second.id())
          .expected("only what changed to be stored")
          .found(bytes(second.stored()) + " after " + bytes(first.stored()));
    }
  }

  private boolean prove(Proof expected, Proof found) {
    boolean counts = same("counts, tenants and alias", expected.counts(), found.counts());
    boolean objects = same("objects, vectors bit for bit", expected.objects(), found.objects());
    boolean queries = same("searches, the ten nearest", expected.queries(), found.queries());
    return counts && objects && queries;
  }

  private boolean same(String what, Map<String, String> expected, Map<String, String> found) {
    long equal =
        expected.entrySet().stream()
            .filter(each -> Objects.equals(found.get(each.getKey()), each.getValue()))
            .count();
    out.accept("  %-30s %d of %d equal".formatted(what, equal, expected.size()));
    expected.forEach(
        (key, value) -> {
          if (!Objects.equals(found.get(key), value)) {
            out.accept(
                "    %s: expected %s, found %s"
                    .formatted(key, shortened(value), shortened(found.get(key))));
          }
        });
    return equal == expected.size();
  }

  private static String shortened(@Nullable String text) {
    return text == null ? "nothing" : text.length() > 60 ? text.substring(0, 60) + "…" : text;
  }

  private static String took(RunView run) {
    return seconds(
        Duration.between(run.startedAt(), Objects.requireNonNull(run.completedAt())).toNanos());
  }

  private static String since(long nanoTime) {
    return seconds(System.nanoTime() - nanoTime);
  }

  private static String seconds(long nanos) {
    return "%.1f s".formatted(nanos / 1e9);
  }

  private static String bytes(long bytes) {
    return "%.1f MiB".formatted(bytes / (double) (1 << 20));
  }

  private static void write(Path file, String text) {
    try {
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Stops the nodes. */
  @Override
  public void close() {
    nodes.close();
  }

  /** Removes all that the demonstration made. */
  public static void delete(Path folder) {
    NodeProcesses.delete(folder);
  }
}
