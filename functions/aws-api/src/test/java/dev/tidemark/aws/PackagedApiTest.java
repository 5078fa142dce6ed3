package dev.tidemark.aws;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemark.aws.ApiFunction.Answer;
import dev.tidemark.aws.LambdaFunction.Outcome;
import dev.tidemark.aws.http.GatewayEvent;
import dev.tidemark.contract.node.NodeApi;
import dev.tidemark.contract.node.NodeCluster;
import dev.tidemark.core.flow.RunView;
import dev.tidemark.core.flow.Status;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Both zips as they are deployed, run by Lambda's own runtime client: the whole story. */
@Tag("aws")
class PackagedApiTest {
  private static final Path ZIP = Path.of("target", "tidemark-aws-api-lambda.zip");
  private static final long MAX_ZIP_BYTES = 25L << 20;
  private static final Map<String, String> VARIABLES =
      Map.of("TIDEMARK_ROLE_HEADER", GatewayEvent.ROLE_HEADER);
  private static final Instant NIGHT = Instant.parse("2026-11-21T03:00:00Z");
  private static final String VECTORS = "/v1/clusters/vectors/backups";
  private static final String FILES = "/v1/clusters/files/backups";

  @Test
  void theZipIsSmallEnoughToStartAndCarriesNoServer() throws IOException {
    assertThat(Files.size(ZIP)).isLessThan(MAX_ZIP_BYTES);
    try (var jar = new JarFile(Path.of("target", "tidemark-aws-classes.jar").toFile())) {
      assertThat(jar.stream().map(JarEntry::getName))
          .contains("dev/tidemark/aws/ApiHandler.class", "dev/tidemark/api/Api.class")
          .noneMatch(name -> name.startsWith("io/netty/"));
    }
  }

  @Test
  void whatASchedulePutIntoTheVaultARequestBringsBackAlthoughProcessesAreKilled(
      @TempDir Path folder) throws Exception {
    Path nodesFolder = Files.createDirectories(folder.resolve("nodes"));
    Path data = tree(folder.resolve("data"));
    try (NodeCluster nodes = NodeCluster.start(nodesFolder, List.of("a", "b"));
        DeployedZip zip =
            new DeployedZip(
                folder, Map.of("NODE_KEY", NodeCluster.KEY), configuration(nodes, data))) {
      ApiFunction api = api(zip, folder, VARIABLES);
      NodeApi node = nodes.api();
      node.collection("articles", Map.of("s0", "a", "s1", "b", "s2", "a"));
      node.store("articles", "", 0, 6_000, 1);
      zip.mapAll();

      nodesComeBack(zip, api, node);
      aDirectoryComesBack(zip, api, data);

      assertThat(Files.readString(zip.log(TransferHandler.class)))
          .contains("\"step\":\"unit.transfer\"")
          .doesNotContain(NodeCluster.KEY);
      assertThat(Files.readString(zip.log(ScheduleHandler.class)))
          .contains("SecondsSinceLastSuccess", "\"_aws\"");
      assertThat(Files.readAllLines(zip.log(ApiHandler.class)))
          .allMatch(line -> line.startsWith("{\"time\":"))
          .anyMatch(
              line ->
                  line.contains("\"event\":\"api.request\"")
                      && line.contains("\"request\":\"")
                      && line.contains("\"gateway\":\"" + GatewayEvent.REQUEST + "\"")
                      && line.contains("\"caller\":\"" + GatewayEvent.CALLER + "\"")
                      && line.contains("\"path\":\"" + FILES));
    }
  }

  private static void nodesComeBack(DeployedZip zip, ApiFunction api, NodeApi node)
      throws IOException, InterruptedException {
    Map<String, String> before = node.contents("articles", "");
    var kills = new Kills(new Random().nextLong(), 6, zip.control, zip.transfer);
    RunView backup = zip.worked(zip.scheduled("nightly", "vectors", NIGHT), kills);
    assertThat(backup.status()).as(backup.error()).isEqualTo(Status.SUCCESS);
    assertThat(kills.done()).as("processes that were killed").isPositive();
    zip.awaitTold(backup);

    String place = VECTORS + "/" + backup.backupId();
    JsonNode shown = api.done("reader", "GET", place, null);
    assertThat(shown.path("status").asText()).isEqualTo("SUCCESS");
    assertThat(shown.path("classes")).extracting(JsonNode::asText).containsExactly("articles");
    assertThat(pages(api, place + "/contents")).isEqualTo(shown.path("files").asInt());
    node.drop("articles");
    JsonNode plan = api.done("operator", "POST", place + "/restore/plan", "{}");
    assertThat(plan.path("problems")).isEmpty();

    restored(zip, api, "operator", place, "{}", new Kills(kills.done(), 3, zip.transfer));
    assertThat(node.contents("articles", "")).isEqualTo(before);
  }

  private static void aDirectoryComesBack(DeployedZip zip, ApiFunction api, Path data)
      throws IOException, InterruptedException {
    Map<String, String> before = contents(data);
    var kills = new Kills(NIGHT.hashCode(), 2, zip.transfer);
    RunView backup = zip.worked(zip.scheduled("weekly", "files", NIGHT), kills);
    assertThat(backup.status()).as(backup.error()).isEqualTo(Status.SUCCESS);

    Files.delete(data.resolve("deep/b,really"));
    Files.writeString(data.resolve("a"), "something else");
    String place = FILES + "/" + backup.backupId();
    Answer exists = api.answer(GatewayEvent.of("POST", place + "/restore", "operator").body("{}"));
    assertThat(exists.status()).isEqualTo(409);
    assertThat(exists.type()).isEqualTo("application/problem+json");
    JsonNode entries =
        api.done("reader", "GET", place + "/contents?path=data/deep/b%2Creally", null);
    assertThat(entries.path("entries")).hasSize(1);

    restored(zip, api, "admin", place, "{ \"replace\": true }", kills);
    assertThat(contents(data)).isEqualTo(before);
  }

  /** Asked for twice, as who has no answer does. */
  private static void restored(
      DeployedZip zip, ApiFunction api, String role, String place, String body, Kills kills)
      throws InterruptedException {
    String run = api.done(role, "POST", place + "/restore", body).path("run").asText();
    assertThat(api.done(role, "POST", place + "/restore", body).path("run").asText())
        .isEqualTo(run);
    zip.worked(run, kills);
    JsonNode ended = api.done("reader", "GET", "/v1/restores/" + run, null);
    assertThat(ended.path("status").asText()).as(ended.toString()).isEqualTo("SUCCESS");
  }

  /** How many files the pages have together. */
  private static int pages(ApiFunction api, String path) {
    int files = 0;
    String after = "";
    do {
      JsonNode page = api.done("reader", "GET", path + "?limit=7" + after, null);
      for (JsonNode entry : page.path("entries")) {
        files += entry.path("type").asText().equalsIgnoreCase("file") ? 1 : 0;
      }
      after = page.path("next").isTextual() ? "&after=" + page.path("next").asText() : "";
    } while (!after.isEmpty());
    return files;
  }

  @Test
  void vaultsAreTriedAndWhatIsNotAllowedIsRefusedByThePackagedFunctionToo(@TempDir Path folder)
      throws Exception {
    Path data = tree(folder.resolve("data"));
    try (DeployedZip zip = new DeployedZip(folder, Map.of(), files(data))) {
      ApiFunction api = api(zip, folder, VARIABLES);
      JsonNode check = api.done("operator", "POST", "/v1/vaults/main/check", null);
      assertThat(check.path("good").asBoolean()).as(check.toString()).isTrue();
      assertThat(api.done("reader", "GET", "/v1/clusters", null).path("clusters")).hasSize(1);

      assertThat(api.answer(GatewayEvent.of("GET", FILES, "admin").withoutRole()).status())
          .isEqualTo(401);
      assertThat(api.answer(GatewayEvent.of("POST", FILES, "reader").body("{}")).status())
          .isEqualTo(403);
      Answer malformed = api.answer(GatewayEvent.of("POST", FILES, "operator").body("{ \"id\""));
      assertThat(malformed.status()).isEqualTo(400);
      assertThat(malformed.type()).isEqualTo("application/problem+json");
      Answer umlaut =
          api.answer(
              GatewayEvent.of("POST", FILES, "operator").body("{ \"vault\": \"h\u00f6r\" }"));
      assertThat(umlaut.status()).isEqualTo(422);
      assertThat(umlaut.text("found")).isEqualTo("'h\u00f6r'");
      assertThat(zip.operator().register().runs("files")).isEmpty();
    }
  }

  @Test
  void withoutTheHeaderThatTheGatewayWritesTheFunctionDoesNotStart(@TempDir Path folder)
      throws Exception {
    try (DeployedZip zip = new DeployedZip(folder, Map.of(), "clusters: {}\n# %s\n")) {
      LambdaFunction function = zip.function(unpacked(folder), ApiHandler.class, Map.of());
      String event = GatewayEvent.of("GET", "/v1/clusters", "reader").json();
      assertThat(function.invoke(event, Duration.ofSeconds(30)))
          .isNotInstanceOf(Outcome.Answer.class);
      assertThat(Files.readString(zip.log(ApiHandler.class))).contains("TIDEMARK_ROLE_HEADER");
    }
  }

  private static ApiFunction api(DeployedZip zip, Path folder, Map<String, String> variables)
      throws IOException {
    return new ApiFunction(zip.function(unpacked(folder), ApiHandler.class, variables));
  }

  private static Path unpacked(Path folder) throws IOException {
    return DeployedZip.unpack(ZIP, folder.resolve("api"));
  }

  /** Nodes so slow that a process is in the middle of something when it is killed. */
  private static String configuration(NodeCluster nodes, Path data) {
    return """
        settings: { slice: 1s }
        vaults: { main: { store: s3, bucket: vault, endpoint: "%%s" } }
        clusters:
          vectors: { engine: embedded, vault: main, width: 2, apiKey: "env:NODE_KEY", mebibytesPerSecond: 1, nodes: { a: "%s", b: "%s" } }
          files: { engine: directory, vault: main, roots: [ { name: data, path: "%s" } ] }
        policies:
          nightly: { clusters: [vectors] }
          weekly: { clusters: [files] }
        """
        .formatted(nodes.addresses().get("a"), nodes.addresses().get("b"), data);
  }

  private static String files(Path data) {
    return """
        vaults: { main: { store: s3, bucket: vault, endpoint: "%%s" } }
        clusters: { files: { engine: directory, vault: main, roots: [ { name: data, path: "%s" } ] } }
        """
        .formatted(data);
  }

  private static Path tree(Path folder) throws IOException {
    Files.createDirectories(folder.resolve("deep"));
    byte[] bytes = new byte[3 << 20];
    for (String name : List.of("a", "deep/b,really", "deep/c")) {
      new Random(name.hashCode()).nextBytes(bytes);
      Files.write(folder.resolve(name), bytes);
    }
    return folder;
  }

  /** Every file with its bytes. */
  private static Map<String, String> contents(Path folder) throws IOException {
    Map<String, String> all = new TreeMap<>();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
        all.put(
            folder.relativize(file).toString(), HexFormat.of().formatHex(Files.readAllBytes(file)));
      }
    }
    return all;
  }
}
