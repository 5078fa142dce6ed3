package dev.tidemark.journey.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/** The parts that bytes and entries pass, each beside the limit of the same run: by JMH. */
final class Micro {
  /** The name of the benchmark in each class that the others are compared with. */
  private static final String LIMIT = "limit";

  private static final int ITERATIONS = 3;

  private final Scale scale;
  private final Report report;

  Micro(Scale scale, Report report) {
    this.scale = scale;
    this.report = report;
  }

  void run() throws RunnerException {
    report.line("## Parts");
    Path log = scale.report().resolveSibling("jmh.log");
    report.progress("JMH, progress in %s", log);
    Collection<RunResult> results =
        new Runner(
                new OptionsBuilder()
                    .include("dev\\.tidemark\\.journey\\.bench\\..*")
                    .forks(1)
                    .warmupIterations(ITERATIONS)
                    .warmupTime(TimeValue.seconds(1))
                    .measurementIterations(ITERATIONS)
                    .measurementTime(TimeValue.seconds(1))
                    .jvmArgsAppend("-Xmx2g", "-Dbench.folder=" + scale.folder())
                    .shouldFailOnError(true)
                    .output(log.toString())
                    .build())
            .run();
    Map<String, Double> limits = new LinkedHashMap<>();
    for (RunResult result : results) {
      if (method(result).equals(LIMIT)) {
        limits.put(group(result), score(result));
      }
    }
    List<List<String>> rows = new ArrayList<>();
    for (RunResult result : results) {
      double limit = limits.get(group(result));
      rows.add(
          List.of(
              subject(result) + " " + method(result),
              parameters(result),
              String.format(Locale.ROOT, "%,.0f", score(result)),
              unit(result),
              method(result).equals(LIMIT) ? "" : "%.3f".formatted(score(result) / limit)));
    }
    report.table(List.of("what", "parameters", "rate", "unit", "ratio to the limit"), rows);
  }

  /** What is moved in a second; each benchmark tells JMH how much one of its calls moves. */
  private static double score(RunResult result) {
    return result.getPrimaryResult().getScore();
  }

  private static String unit(RunResult result) {
    return subject(result).equals("Merge") ? "entries/s" : "MiB/s";
  }

  private static String subject(RunResult result) {
    String name = result.getParams().getBenchmark();
    String owner = name.substring(0, name.lastIndexOf('.'));
    return owner.substring(owner.lastIndexOf('.') + 1).replace("Benchmark", "");
  }

  private static String method(RunResult result) {
    String name = result.getParams().getBenchmark();
    return name.substring(name.lastIndexOf('.') + 1);
  }

  private static String parameters(RunResult result) {
    BenchmarkParams params = result.getParams();
    var words = new ArrayList<String>();
    for (String key : params.getParamsKeys()) {
      words.add(key + " " + params.getParam(key));
    }
    return String.join(", ", words);
  }

  private static String group(RunResult result) {
    return subject(result) + " " + parameters(result);
  }
}
