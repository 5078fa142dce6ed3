package dev.tidemark.aws;

import dev.tidemark.aws.ColdStarts.Start;
import dev.tidemark.aws.ColdStarts.Taken;
import dev.tidemark.aws.http.GatewayEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The API's figures of the README of {@code functions/aws}, by system properties. */
public final class ApiBenchmark {
  private static final Path ZIP = Path.of("target", "tidemark-aws-api-lambda.zip");

  private ApiBenchmark() {}

  /** Takes no arguments. Starts MinIO and emulators on this machine, and stops them. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    int rounds = Integer.parseInt(System.getProperty("bench.starts", "9"));
    Path folder = Path.of(System.getProperty("bench.folder", "target/bench")).toAbsolutePath();
    AwsBenchmarks.empty(folder);
    Files.createDirectories(folder);
    var sheet = new Sheet();
    sheet.line("# Figures of Tidemark's API on AWS");
    sheet.line("");
    sheet.line("- date: %s", Instant.now().truncatedTo(ChronoUnit.MINUTES));
    sheet.line(
        "- cores: %d; load before: %s",
        Runtime.getRuntime().availableProcessors(), AwsBenchmarks.load());
    sheet.line("- JDK: %s", System.getProperty("java.vm.version"));
    sheet.line("- zip: %.1f MB (aim 25)", Files.size(ZIP) / 1e6);
    sheet.line("");
    try (var deployment = new BenchDeployment(folder, ColdStarts.CONFIGURATION)) {
      starts(deployment, DeployedZip.unpack(ZIP, folder.resolve("api-zip")), rounds, sheet);
    } finally {
      AwsBenchmarks.empty(folder);
    }
    sheet.line("Load after: %s", AwsBenchmarks.load());
    sheet.save(Path.of("target", "figures.md"));
    System.exit(0);
  }

  /** From the start of a process to the clusters with the runs that are active on them. */
  private static void starts(BenchDeployment deployment, Path zip, int rounds, Sheet sheet) {
    Map<String, String> real = deployment.untapped();
    Map<String, String> variables = new HashMap<>(real);
    variables.put("TIDEMARK_ROLE_HEADER", GatewayEvent.ROLE_HEADER);
    String event = GatewayEvent.of("GET", "/v1/clusters", "reader").json();
    List<Taken> api = new ArrayList<>();
    List<Taken> control = new ArrayList<>();
    // The first round claims the table and warms the emulators.
    for (int round = -1; round < rounds; round++) {
      Taken one =
          ColdStarts.taken(
              () -> deployment.function(zip, ApiHandler.class, BenchDeployment.API_MIB, variables),
              event);
      Taken other =
          ColdStarts.taken(
              () -> deployment.function(ControlHandler.class, BenchDeployment.API_MIB, real),
              Start.CONTROL.event());
      if (round >= 0) {
        api.add(one);
        control.add(other);
      }
    }
    sheet.line("| function | first answer, ms | control's | ratio | CPU, ms | control's | ratio |");
    sheet.line("|---|--:|--:|--:|--:|--:|--:|");
    sheet.line(
        "| ApiHandler | %s | %s |",
        ColdStarts.cells(api, control, Taken::wallMillis),
        ColdStarts.cells(api, control, Taken::cpuMillis));
    sheet.line("");
  }
}
