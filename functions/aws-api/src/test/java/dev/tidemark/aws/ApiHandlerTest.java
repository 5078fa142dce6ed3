package dev.tidemark.aws;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.aws.http.GatewayEvent;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What packaged functions cannot be asked for: AWS's runtime client takes no snapshots elsewhere.
 */
@Tag("aws")
class ApiHandlerTest {
  private static final PrintStream OUT = System.out;

  @Test
  void aSnapshotIsTakenOnceARequestWasAnsweredAndOtherStartsWaitForNone(@TempDir Path folder)
      throws Exception {
    try (DeployedZip zip = new DeployedZip(folder, Map.of(), "clusters: {}\n# %s\n")) {
      var lines = new ByteArrayOutputStream();
      System.setOut(new PrintStream(lines, true, StandardCharsets.UTF_8));
      String role = GatewayEvent.ROLE_HEADER;
      new ApiHandler(zip.operator(), Map.of("TIDEMARK_ROLE_HEADER", role));
      assertThat(lines.toString(StandardCharsets.UTF_8)).isEmpty();

      new ApiHandler(
          zip.operator(),
          Map.of("TIDEMARK_ROLE_HEADER", role, "AWS_LAMBDA_INITIALIZATION_TYPE", "snap-start"));
      assertThat(lines.toString(StandardCharsets.UTF_8))
          .contains("\"event\":\"api.request\"", "\"path\":\"/v1/clusters\"", "\"status\":\"200\"");
    } finally {
      System.setOut(OUT);
    }
  }
}
