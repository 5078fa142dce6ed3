package dev.tidemark.aws;

import dev.tidemark.aws.LambdaFunction.Outcome;
import dev.tidemark.events.WorkItem;
import dev.tidemark.events.WorkItem.Kind;
import dev.tidemark.events.WorkItemCodec;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.sqs.model.Message;

/**
 * From the start of a process to its first answer, beside a bare handler that makes the same first
 * calls; both in turn, so that noise meets both.
 */
final class ColdStarts {
  static final String CONFIGURATION =
      """
      vaults: { main: { store: s3, bucket: vault, endpoint: "%s" } }
      clusters: { files: { engine: directory, vault: main, roots: [ { name: data, path: /nowhere } ] } }
      policies: { nightly: { clusters: [files] } }
      """;

  private final Path folder;
  private final int rounds;
  private final Sheet sheet;

  /** Each with the event that asks the least of it: a tick, and items of a run that is unknown. */
  enum Start {
    SCHEDULE(ScheduleHandler.class, BareHandler.OfSchedules.class, "{\"tick\": true}"),
    CONTROL(ControlHandler.class, BareHandler.OfMessages.class, event(Kind.RUN_WATCH)),
    TRANSFER(TransferHandler.class, BareHandler.OfMessages.class, event(Kind.UNIT_TRANSFER));

    private final Class<?> handler;
    private final Class<?> bare;
    private final String event;

    Start(Class<?> handler, Class<?> bare, String event) {
      this.handler = handler;
      this.bare = bare;
      this.event = event;
    }

    String event() {
      return event;
    }

    private static String event(Kind kind) {
      WorkItem item =
          kind == Kind.UNIT_TRANSFER
              ? WorkItem.ofUnit(kind, "nobody.w", "0", "0123456789abcdef0123", 1)
              : WorkItem.ofRun(kind, "nobody.w");
      Message message =
          Message.builder()
              .messageId("m")
              .receiptHandle("r")
              .body(WorkItemCodec.encode(item))
              .build();
      return EventSourceMapping.event(List.of(message));
    }

    int memoryMib() {
      return this == TRANSFER ? BenchDeployment.TRANSFER_MIB : BenchDeployment.CONTROL_MIB;
    }
  }

  ColdStarts(Path folder, int rounds, Sheet sheet) {
    this.folder = folder;
    this.rounds = rounds;
    this.sheet = sheet;
  }

  void run() throws IOException {
    sheet.line("## Cold starts");
    sheet.line("");
    sheet.line(
        "| function | first answer, ms | bare | ratio | CPU, ms | bare | ratio | first calls |");
    sheet.line("|---|--:|--:|--:|--:|--:|--:|---|");
    try (var deployment = new BenchDeployment(folder.resolve("starts"), CONFIGURATION)) {
      for (Start start : Start.values()) {
        measure(deployment, start);
      }
    }
    sheet.line("");
  }

  private void measure(BenchDeployment deployment, Start start) {
    int memory = start.memoryMib();
    // The first one claims the table; from the second on all are alike.
    for (int i = 0; i < 2; i++) {
      deployment.tap().tally();
      taken(() -> deployment.function(start.handler, memory, Map.of()), start.event);
    }
    String calls =
        deployment.tap().tally().calls().stream()
            .map(call -> call.startsWith("GET ") ? "GetObject" : call.split(" ", -1)[0])
            .collect(Collectors.joining(","));
    Map<String, String> real = deployment.untapped();
    Map<String, String> alike = new HashMap<>(real);
    alike.put("BARE_CALLS", calls);
    alike.putAll(TransferOptions.variables(start.handler));
    List<Taken> ours = new ArrayList<>();
    List<Taken> bare = new ArrayList<>();
    for (int round = 0; round < rounds; round++) {
      ours.add(taken(() -> deployment.function(start.handler, memory, real), start.event));
      bare.add(taken(() -> deployment.bare(start.bare, memory, alike), start.event));
    }
    sheet.line(
        "| %s | %s | %s | %s |",
        start.handler.getSimpleName(),
        cells(ours, bare, Taken::wallMillis),
        cells(ours, bare, Taken::cpuMillis),
        calls);
  }

  /** Medians of both, and of the ratios of neighbours. */
  static String cells(List<Taken> ours, List<Taken> bare, ToDoubleFunction<Taken> what) {
    List<Double> ratios = new ArrayList<>();
    for (int i = 0; i < ours.size(); i++) {
      ratios.add(what.applyAsDouble(ours.get(i)) / what.applyAsDouble(bare.get(i)));
    }
    return String.format(
        Locale.ROOT,
        "%.0f | %.0f | %.2f",
        Sheet.median(ours.stream().map(what::applyAsDouble).toList()),
        Sheet.median(bare.stream().map(what::applyAsDouble).toList()),
        Sheet.median(ratios));
  }

  static Taken taken(Supplier<LambdaFunction> function, String event) {
    try (LambdaFunction started = function.get()) {
      long begin = System.nanoTime();
      Outcome outcome = started.invoke(event, Duration.ofMinutes(2));
      double wall = (System.nanoTime() - begin) / 1e6;
      if (!(outcome instanceof Outcome.Answer)) {
        throw new IllegalStateException("expected an answer, found " + outcome);
      }
      Duration cpu =
          ProcessHandle.of(started.processes().get(0))
              .flatMap(process -> process.info().totalCpuDuration())
              .orElse(Duration.ZERO);
      return new Taken(wall, cpu.toMillis());
    }
  }

  /**
   * What a start took until its answer.
   *
   * @param cpuMillis of all threads, which other processes on the machine hardly change
   */
  record Taken(double wallMillis, double cpuMillis) {}
}
