package dev.tidemark.journey.bench;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemark.contract.cloud.MinioServer;
import dev.tidemark.contract.cloud.WeaviateApi;
import dev.tidemark.contract.cloud.WeaviateCluster;
import dev.tidemark.contract.cloud.WeaviateServer;
import dev.tidemark.journey.bench.SteadyWriter.Writes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Days in the life of a real server that is backed up each day, by its own backups and by Tidemark,
 * in turn: how long each takes, what is stored, how long the last one takes to restore and what
 * comes back, and what an application feels meanwhile.
 */
final class WeaviateDays {
  /** How often each way is gone under a writer. */
  private static final int ROUNDS = 3;

  private static final long IDLE_SECONDS = 12;
  private static final int SETTLED_LOOKS = 8;
  private static final int MOST_LOOKS = 240;
  private static final int LOOK_MILLIS = 500;

  /** An hour of quiet between two days would flush what is in memory, so here two seconds do. */
  private static final Map<String, String> SERVER =
      Map.of("PERSISTENCE_MEMTABLES_FLUSH_DIRTY_AFTER_SECONDS", "2");

  private final Scale scale;
  private final Report report;
  private final Path folder;
  private final Library library;
  private int turn;

  /** A day's backup in one way. */
  private record Kept(double seconds, long storedBytes) {}

  WeaviateDays(Scale scale, Report report) {
    this.scale = scale;
    this.report = report;
    this.folder = scale.folder().resolve("weaviate");
    this.library = new Library(scale.seed());
  }

  void run() throws Exception {
    report.line("## Weaviate, by its own backups and by Tidemark");
    report.line("");
    List<String> buckets = new ArrayList<>(TidemarkWay.buckets());
    for (NativeWay.Basis basis : NativeWay.Basis.values()) {
      buckets.add(basis.word);
    }
    try (MinioServer minio =
            MinioServer.start(folder.resolve("minio"), buckets.toArray(String[]::new));
        WeaviateCluster cluster = server("server", minio)) {
      Path stored = folder.resolve("minio/data");
      WeaviateServer server = cluster.node(0);
      var tidemark =
          new TidemarkWay(
              scale.home(), folder.resolve("tidemark"), server, minio.address(), stored);
      var ways =
          List.of(
              new NativeWay(NativeWay.Basis.NOTHING, server, stored),
              new NativeWay(NativeWay.Basis.THE_DAY_BEFORE, server, stored),
              tidemark);
      var api = new WeaviateApi(server.address());
      fill(api, server);
      String last = days(ways, api, server);
      ofTidemark(tidemark, last);
      restores(ways, last, api, minio);
      underAWriter(ways, api);
      report.line("- staged in the end: %,d bytes", tidemark.stagedBytes());
      report.line("");
    }
  }

  private WeaviateCluster server(String name, MinioServer minio) {
    return WeaviateCluster.of(
        "weaviate", 1, folder.resolve(name), minio, NativeWay.Basis.NOTHING.word, SERVER);
  }

  private void fill(WeaviateApi api, WeaviateServer server)
      throws IOException, InterruptedException {
    report.progress("loading %,d objects", scale.objects());
    long start = System.nanoTime();
    library.load(api, scale.objects());
    double loaded = Measured.seconds(start);
    settle(server);
    report.line(
        "- server: Weaviate %s, one node, with backup-s3 to MinIO on the same machine and disk",
        api.call("GET", "/v1/meta", null).path("version").asText());
    report.line(
        "- data: %,d objects in %d collections of %d shards, %d dimensions, seed %d; %,d MiB in"
            + " its folder; loaded in %.0f s",
        library.size(),
        Library.COLLECTIONS.size(),
        Library.SHARDS,
        Library.DIMENSIONS,
        scale.seed(),
        SampleTree.bytes(server.data()) >> 20,
        loaded);
    report.line(
        "- a changed day of p %%: p %% of the objects, at random, get another vector and text;"
            + " p/10 %% are deleted and as many added");
    report.line("");
  }

  /** Waits until the server has flushed and compacted what it has to. */
  private static void settle(WeaviateServer server) throws IOException, InterruptedException {
    List<String> before = List.of();
    int same = 0;
    for (int look = 0; look < MOST_LOOKS && same < SETTLED_LOOKS; look++) {
      Thread.sleep(LOOK_MILLIS);
      List<String> now = files(server.data());
      same = now.equals(before) ? same + 1 : 0;
      before = now;
    }
  }

  private static List<String> files(Path data) throws IOException {
    List<String> files = new ArrayList<>();
    try (Stream<Path> all = Files.walk(data)) {
      // What is deleted while it is looked at is looked at again.
      all.filter(file -> file.toString().contains("/lsm/"))
          .forEach(file -> files.add(file + " " + file.toFile().length()));
    } catch (java.io.UncheckedIOException e) {
      files.add(e.toString());
    }
    Collections.sort(files);
    return files;
  }

  /** Ends with the id of the last backups. */
  private String days(List<? extends Way> ways, WeaviateApi api, WeaviateServer server)
      throws IOException, InterruptedException {
    List<List<String>> rows = new ArrayList<>();
    Map<Way, Long> before = new HashMap<>();
    for (int day = 0; day <= scale.changes().size(); day++) {
      double percent = day == 0 ? 0 : scale.changes().get(day - 1);
      if (day > 0) {
        library.change(api, percent);
        settle(server);
      }
      Map<Way, Kept> kept = new HashMap<>();
      for (Way way : inTurn(ways)) {
        double seconds = way.backUp(id(day));
        kept.put(way, new Kept(seconds, way.storedBytes()));
        report.progress("day %d, %s: %.2f s", day + 1, way.name(), seconds);
      }
      List<String> row = new ArrayList<>();
      row.add(Integer.toString(day + 1));
      row.add(day == 0 ? "first" : percent(percent));
      for (Way way : ways) {
        Kept now = kept.get(way);
        row.add(String.format(Locale.ROOT, "%.1f", now.seconds()));
        row.add(mib(now.storedBytes() - before.getOrDefault(way, 0L)));
        row.add(mib(now.storedBytes()));
        before.put(way, now.storedBytes());
      }
      rows.add(row);
    }
    List<String> head = new ArrayList<>(List.of("day", "changed"));
    for (Way way : ways) {
      head.addAll(List.of(way.name() + ": s", "MiB more", "MiB in all"));
    }
    report.table(head, rows);
    return id(scale.changes().size());
  }

  private static String percent(double percent) {
    return String.format(Locale.ROOT, percent == Math.rint(percent) ? "%.0f %%" : "%s %%", percent);
  }

  private static String mib(long bytes) {
    return String.format(Locale.ROOT, "%,.1f", bytes / (double) (1 << 20));
  }

  private static String id(int day) {
    return String.format(Locale.ROOT, "day-%02d", day + 1);
  }

  private List<Way> inTurn(List<? extends Way> ways) {
    List<Way> turned = new ArrayList<>(ways);
    Collections.rotate(turned, turn++);
    return turned;
  }

  private void ofTidemark(TidemarkWay tidemark, String last)
      throws IOException, InterruptedException {
    JsonNode shown = tidemark.show(last);
    report.line(
        "- the last backup of Tidemark: %s MiB of %,d files read from the staging area, which so"
            + " much room is needed in meanwhile",
        mib(shown.path("bytes").asLong()), shown.path("files").asLong());
    report.line(
        "- Tidemark's process, a backup: CPU %s s, peak RSS %s MiB",
        tidemark.cpu().text("%.1f"), tidemark.peakMib().text("%.0f"));
    report.line("- every byte of the last one read and proven: %.1f s", tidemark.verify(last));
    report.line("");
  }

  private void restores(
      List<? extends Way> ways, String last, WeaviateApi before, MinioServer minio)
      throws IOException, InterruptedException {
    List<Library.Golden> golden = library.golden();
    List<List<String>> rows = new ArrayList<>();
    rows.add(row("(before)", "", before, golden));
    for (Way way : inTurn(ways)) {
      try (WeaviateCluster empty =
          server("restored-" + way.name().replaceAll("\\W+", "-"), minio)) {
        double seconds = way.restore(last, empty.node(0));
        var api = new WeaviateApi(empty.node(0).address());
        rows.add(row(way.name(), String.format(Locale.ROOT, "%.1f", seconds), api, golden));
        report.progress("restore, %s: %.2f s", way.name(), seconds);
      }
    }
    report.line(
        "Restore of the last backup into an empty server; recall@%d of %d golden queries against"
            + " all vectors:",
        Library.NEAREST, golden.size());
    report.table(List.of("way", "s", "objects", "as they were", "recall@10"), rows);
  }

  private List<String> row(
      String name, String seconds, WeaviateApi api, List<Library.Golden> golden) {
    Map<String, Long> counts = Library.counts(api);
    return List.of(
        name,
        seconds,
        String.format(Locale.ROOT, "%,d", counts.values().stream().mapToLong(n -> n).sum()),
        counts.equals(library.expected()) ? "all" : "NOT: " + counts,
        String.format(Locale.ROOT, "%.4f", Library.recall(api, golden)));
  }

  private void underAWriter(List<? extends Way> ways, WeaviateApi api) throws Exception {
    var writer = new SteadyWriter(time -> library.touch(api, time));
    Map<String, Writes> felt = new LinkedHashMap<>();
    felt.put("(none)", none());
    ways.forEach(way -> felt.put(way.name(), none()));
    Map<String, Figures> took = new HashMap<>();
    felt.keySet().forEach(name -> took.put(name, new Figures()));
    for (int round = 1; round <= ROUNDS; round++) {
      String id = "written-" + round;
      add(felt, "(none)", writer.during(() -> TimeUnit.SECONDS.sleep(IDLE_SECONDS)));
      for (Way way : inTurn(ways)) {
        add(felt, way.name(), writer.during(() -> took.get(way.name()).add(way.backUp(id))));
        report.progress("under a writer, round %d, %s", round, way.name());
      }
    }
    report.line(
        "An application writes an object every 20 ms, to all shards in turn, while %d backups are"
            + " made each way; a write counts from when it was due:",
        ROUNDS);
    List<List<String>> rows = new ArrayList<>();
    felt.forEach(
        (name, writes) ->
            rows.add(
                List.of(
                    name,
                    took.get(name).count() == 0 ? "" : took.get(name).text("%.1f"),
                    Integer.toString(writes.millis().count()),
                    String.format(Locale.ROOT, "%.1f", writes.millis().median()),
                    String.format(Locale.ROOT, "%.0f", writes.millis().quantile(0.99)),
                    String.format(Locale.ROOT, "%.0f", writes.millis().quantile(1)),
                    writes.failures().isEmpty()
                        ? "0"
                        : writes.failures().size() + ": " + writes.failures().get(0))));
    report.table(
        List.of("backup", "s", "writes", "median ms", "p99 ms", "longest ms", "failed"), rows);
  }

  private static Writes none() {
    return new Writes(new Figures(), new ArrayList<>());
  }

  private static void add(Map<String, Writes> felt, String name, Writes more) {
    Writes all = felt.get(name);
    all.millis().addAll(more.millis());
    all.failures().addAll(more.failures());
  }
}
