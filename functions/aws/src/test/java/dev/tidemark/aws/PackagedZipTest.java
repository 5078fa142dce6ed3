package dev.tidemark.aws;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.aws.EventSourceMapping.Delivery;
import dev.tidemark.aws.LambdaFunction.Outcome;
import dev.tidemark.core.flow.RestoreRequest;
import dev.tidemark.core.flow.RunView;
import dev.tidemark.core.flow.Status;
import dev.tidemark.events.WorkItem;
import dev.tidemark.events.WorkItem.Kind;
import dev.tidemark.events.WorkItem.Queue;
import dev.tidemark.events.WorkItemCodec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.BooleanSupplier;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/** What is deployed, run by Lambda's own runtime client, several processes a function. */
@Tag("aws")
class PackagedZipTest {
  private static final long MAX_ZIP_BYTES = 15L << 20;
  private static final Duration PATIENCE = Duration.ofMinutes(5);
  private static final Instant SLOT = Instant.parse("2026-11-21T03:00:00Z");
  private static final String TICK = "{\"tick\": true}";

  @Test
  void theZipIsSmallEnoughToStartQuicklyAndCarriesNoFramework() throws IOException {
    assertThat(Files.size(Path.of("target", "tidemark-aws-lambda.zip"))).isLessThan(MAX_ZIP_BYTES);
    try (var jar = new JarFile(Path.of("target", "tidemark-aws-classes.jar").toFile())) {
      assertThat(jar.stream().map(JarEntry::getName))
          .contains("dev/tidemark/aws/ControlHandler.class")
          .noneMatch(name -> name.startsWith("io/micronaut/") || name.startsWith("io/netty/"));
    }
  }

  @Test
  void aDirectoryIsBackedUpAndRestoredThoughAUnitNeedsTenInvocations(@TempDir Path folder)
      throws Exception {
    Path data = Files.createDirectories(folder.resolve("data"));
    byte[] content = new byte[12 << 20];
    for (String name : List.of("a", "b", "c", "d", "e", "f", "g", "h", "i", "j")) {
      new Random(name.hashCode()).nextBytes(content);
      Files.write(data.resolve(name), content);
    }
    try (DeployedZip zip = new DeployedZip(folder, Map.of(), files(data))) {
      zip.map(zip.control, zip.queue(Queue.CONTROL), 5, 1);
      EventSourceMapping transfers =
          zip.map(
              zip.transfer,
              zip.queue(Queue.TRANSFER),
              1,
              1,
              Duration.ofMillis(60),
              Delivery.ONE_IN_FOUR_TWICE);
      var kills = new Kills(0, 0, zip.transfer);

      RunView backup = zip.worked(zip.scheduled("nightly", "files", SLOT), kills);
      assertThat(backup.status()).as(backup.error()).isEqualTo(Status.SUCCESS);
      assertThat(transfers.invocations()).as("slices of one unit").isGreaterThanOrEqualTo(10);

      Path elsewhere = folder.resolve("elsewhere");
      String restore = zip.operator().dispatcher().restore(into(elsewhere, backup)).run();
      RunView restored = zip.worked(restore, kills);
      assertThat(restored.status()).as(restored.error()).isEqualTo(Status.SUCCESS);
      for (String name : List.of("a", "e", "j")) {
        Path written = elsewhere.resolve("data").resolve(name);
        assertThat(written).hasSameBinaryContentAs(data.resolve(name));
      }
    }
  }

  @Test
  void aPoisonedMessageReachesTheDeadLetterHandlerAndKeepsNoOther(@TempDir Path folder)
      throws Exception {
    try (DeployedZip zip = new DeployedZip(folder, Map.of(), "clusters: {}\n# %s\n")) {
      String control = zip.queue(Queue.CONTROL);
      zip.sqs().sendMessage(send -> send.queueUrl(control).messageBody("no item"));
      zip.sqs().sendMessage(send -> send.queueUrl(control).messageBody("{\"v\": 99}"));
      String good = WorkItemCodec.encode(WorkItem.ofRun(Kind.RUN_WATCH, "nobody.w"));
      zip.sqs().sendMessage(send -> send.queueUrl(control).messageBody(good));
      zip.map(zip.control, control, 10, 1);
      until("the good one is handled", () -> said(zip, ControlHandler.class, "step.done"));
      until("the poisoned ones are dead", () -> count(zip, zip.deadLetters()) == 2);

      zip.map(zip.dead, zip.deadLetters(), 10, 1);
      until("the poisoned one is reported", () -> said(zip, DeadLetterHandler.class, "no item"));
      until("and gone", () -> count(zip, zip.deadLetters()) == 1);
      assertThat(Files.readString(zip.log(DeadLetterHandler.class))).contains("DeadLetters");
    }
  }

  @Test
  void theTickTellsTheAgeOfAPolicyThatWaitsForItsFirstSlot(@TempDir Path folder) throws Exception {
    String scheduled = files(folder).replace("[files]", "[files], schedule: \"0 3 * * *\"");
    try (DeployedZip zip = new DeployedZip(folder, Map.of(), scheduled)) {
      assertThat(zip.schedule(TICK)).isInstanceOf(Outcome.Answer.class);
      assertThat(Files.readString(zip.log(ScheduleHandler.class)))
          .contains("SecondsSinceLastSuccess", "\"policy\":\"nightly\"");
    }
  }

  @Test
  void aFunctionWithoutItsVariablesSaysWhichAreMissing(@TempDir Path folder) throws Exception {
    try (DeployedZip zip =
        new DeployedZip(folder, Map.of("TIDEMARK_TABLE", ""), "clusters: {}\n# %s\n")) {
      assertThat(zip.schedule(TICK)).isNotInstanceOf(Outcome.Answer.class);
      assertThat(Files.readString(zip.log(ScheduleHandler.class)))
          .contains("found none of the name TIDEMARK_TABLE");
    }
  }

  private static String files(Path folder) {
    return """
        settings: { chunkSize: 8 }
        vaults: { main: { store: s3, bucket: vault, endpoint: "%%s" } }
        clusters: { files: { engine: directory, vault: main, roots: [ { name: data, path: "%s" } ] } }
        policies: { nightly: { clusters: [files] } }
        """
        .formatted(folder);
  }

  private static RestoreRequest into(Path place, RunView backup) {
    return new RestoreRequest(
        backup.cluster(),
        null,
        null,
        backup.backupId(),
        List.of(),
        List.of(),
        List.of(),
        Map.of(),
        Map.of(),
        "",
        place.toString(),
        false);
  }

  private static void until(String what, BooleanSupplier holds) throws InterruptedException {
    Instant end = Instant.now().plus(PATIENCE);
    while (!holds.getAsBoolean()) {
      assertThat(Instant.now()).as(what).isBefore(end);
      Thread.sleep(200);
    }
  }

  private static boolean said(DeployedZip zip, Class<?> handler, String text) {
    try {
      Path log = zip.log(handler);
      return Files.exists(log) && Files.readString(log).contains(text);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Messages that wait, or are out. */
  private static int count(DeployedZip zip, String queue) {
    Map<QueueAttributeName, String> attributes =
        zip.sqs()
            .getQueueAttributes(
                get ->
                    get.queueUrl(queue)
                        .attributeNames(
                            QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES,
                            QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE))
            .attributes();
    return attributes.values().stream().mapToInt(Integer::parseInt).sum();
  }
}
