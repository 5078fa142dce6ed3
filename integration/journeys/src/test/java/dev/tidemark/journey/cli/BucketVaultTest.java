package dev.tidemark.journey.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tidemark.contract.cloud.MinioServer;
import dev.tidemark.contract.cloud.MotoServer;
import dev.tidemark.contract.fault.FaultProxy;
import dev.tidemark.contract.fault.NetworkFault;
import dev.tidemark.contract.fault.NetworkPlan;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A person's vault is a bucket. */
@Tag("aws")
class BucketVaultTest {
  private static final int MIB = 1 << 20;

  private final Path folder;

  BucketVaultTest(@TempDir Path folder) {
    this.folder = folder;
  }

  @Test
  void aTreeGoesIntoABucketAndComesBackOutOfItAlone() throws IOException {
    try (MinioServer server = MinioServer.start(folder.resolve("minio"), "vaults")) {
      Workbench bench = bench("{ store: s3, bucket: vaults, prefix: a/b, " + keys(server) + " }");
      bench.run("config", "check").done();
      Answer created = bench.run("vault", "create", "main").done();
      assertThat(created.out())
          .contains("kept    create-only", "kept    racing-creators", "s3://vaults/a/b", "created");
      assertThat(bench.run("vault", "create", "main").done().out()).contains("is there already");
      SampleTree tree = SampleTree.in(bench.data(), 1).everything().file("big", 40 * MIB).aged();
      TreeImage before = TreeImage.of(bench.data());

      bench.run("backup", "create", "files", "--id", "one").done();
      tree.edit("big", 9 << 20, 10).text("added", "new");
      TreeImage after = TreeImage.of(bench.data());
      JsonNode two = bench.run("backup", "create", "files", "--id", "two", "--json").done().json();

      assertThat(two.get("stored").asLong()).as("bytes stored").isLessThan(34L * MIB);
      assertThat(bench.run("verify", "--all", "--level", "full").done().out()).contains("intact");
      assertThat(bench.run("vault", "check", "main").done().out())
          .contains("kept    create-only")
          .doesNotContain("BROKEN");
      assertThat(bench.run("vault", "stats", "main").done().out()).contains("data");
      lostState(bench, before, after);
      String told = bench.log() + allPrinted(bench);
      assertThat(told).doesNotContain(MinioServer.PASSWORD, MinioServer.USER);
    }
  }

  /** The state folder is lost; the bucket is enough. */
  private void lostState(Workbench bench, TreeImage before, TreeImage after) throws IOException {
    Files.move(bench.state(), folder.resolve("lost"));
    bench.run("restore", "create", "one", "--to", "r1", "--state", "fresh").done();
    TreeImage.of(bench.restored("r1/data")).mustEqual(before);
    bench.run("catalog", "rebuild", "main").done();
    assertThat(bench.run("backup", "list").done().out()).contains("one", "two");
    bench.run("restore", "create", "two", "--to", "r2").done();
    TreeImage.of(bench.restored("r2/data")).mustEqual(after);
    JsonNode next = bench.run("backup", "create", "files", "--id", "next", "--json").done().json();
    assertThat(next.get("stored").asLong()).as("stored beside the base").isLessThan(MIB);
  }

  @Test
  void aGigabyteTakesFewRequestsAndABadNetworkOnlyMore() throws IOException {
    try (MinioServer server = MinioServer.start(folder.resolve("minio"), "vaults");
        FaultProxy proxy = FaultProxy.before(server.port())) {
      List<String> requests = new CopyOnWriteArrayList<>();
      proxy.plan(counting(requests));
      Workbench bench =
          bench("{ store: s3, bucket: vaults, " + keys(server, proxy.address()) + " }");
      bench.launching(Launch.THROUGHPUT).run("vault", "create", "main").done();
      SampleTree.in(bench.data(), 2).file("a", 128 * MIB).file("b", 128 * MIB).aged();
      requests.clear();

      bench.run("backup", "create", "files", "--id", "one").done();

      List<String> puts = requests.stream().filter(each -> each.startsWith("PUT")).toList();
      System.out.printf("256 MiB: %d PUTs of %d requests%n", puts.size(), requests.size());
      assertThat(puts.stream().filter(put -> put.contains("/data/"))).hasSize(8);
      assertThat(puts).as("with all that seals it").hasSizeLessThanOrEqualTo(8 + 8);
      assertThat(requests).as("all requests").hasSizeLessThanOrEqualTo(80);

      TreeImage before = TreeImage.of(bench.data());
      proxy.plan(NetworkPlan.seeded(7, 12, NetworkFault.QUICK));
      bench.run("restore", "create", "one", "--to", "r").done();
      TreeImage.of(bench.restored("r/data")).mustEqual(before);
      SampleTree.in(bench.data(), 3).file("c", 96 * MIB).aged();
      bench.run("backup", "create", "files", "--id", "two").done();
      assertThat(proxy.injected()).isNotEmpty();
      proxy.plan(NetworkPlan.none());
      bench.run("verify", "--all", "--level", "full").done();
    }
  }

  private static NetworkPlan counting(List<String> requests) {
    return request -> {
      requests.add(request);
      return NetworkFault.PASS;
    };
  }

  @Test
  void keysMayLieInSecretsManager() throws Exception {
    try (MinioServer server = MinioServer.start(folder.resolve("minio"), "vaults");
        MotoServer moto = MotoServer.start(folder.resolve("moto"))) {
      keep(moto, "vault-keys");
      Workbench bench =
          bench(
              """
              { store: s3, bucket: vaults, endpoint: "%s", credentials: {
                accessKeyId: "aws-sm:vault-keys#id", secretAccessKey: "aws-sm:vault-keys#secret" } }
              """
                  .formatted(server.address())
                  .strip());
      bench.variable("AWS_ENDPOINT_URL_SECRETS_MANAGER", moto.address());
      bench.variable("AWS_REGION", "eu-central-1");
      bench.variable("AWS_ACCESS_KEY_ID", "any");
      bench.variable("AWS_SECRET_ACCESS_KEY", "any-secret");

      bench.run("vault", "create", "main").done();

      assertThat(bench.log()).doesNotContain(MinioServer.PASSWORD);
    }
  }

  private static void keep(MotoServer moto, String name) throws Exception {
    String secret =
        "{\\\"id\\\": \\\"%s\\\", \\\"secret\\\": \\\"%s\\\"}"
            .formatted(MinioServer.USER, MinioServer.PASSWORD);
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(moto.address()))
            .header("X-Amz-Target", "secretsmanager.CreateSecret")
            .header("Content-Type", "application/x-amz-json-1.1")
            .header(
                "Authorization",
                "AWS4-HMAC-SHA256 Credential=any/20261121/eu-central-1/secretsmanager/aws4_request,"
                    + " SignedHeaders=host, Signature=0")
            .POST(
                BodyPublishers.ofString(
                    "{\"Name\": \"%s\", \"SecretString\": \"%s\", \"ClientRequestToken\": \"%s\"}"
                        .formatted(name, secret, "t".repeat(32))))
            .build();
    assertThat(HttpClient.newHttpClient().send(request, BodyHandlers.ofString()).statusCode())
        .isEqualTo(200);
  }

  @Test
  void whatIsWrongIsToldBeforeAnythingStarts() {
    try (MinioServer server = MinioServer.start(folder.resolve("minio"), "vaults")) {
      Workbench bench = bench("{ store: s3, bucket: none, " + keys(server) + " }");
      bench.run("vault", "create", "main").refused("bucket none", "Hint:");
      bench.run("backup", "create", "files").refused("none");

      bench = bench("{ store: s3, bucket: vaults, " + keys(server) + " }");
      bench.run("backup", "create", "files").refused("vault create");
      bench.variable("VAULT_SECRET", "not-the-password");
      bench.run("vault", "create", "main").refused("correct the access key");

      bench = bench("{ store: s3, buckt: vaults }");
      bench.run("config", "check").refused("'bucket' instead of 'buckt'");
    }
  }

  @Test
  void aServerThatKnowsNoConditionsIsRefusedWhenTheVaultIsMade() throws Exception {
    try (MotoServer moto = MotoServer.start(folder.resolve("moto"));
        ForgetfulServer forgetful = new ForgetfulServer(moto.address())) {
      HttpRequest bucket =
          HttpRequest.newBuilder(URI.create(moto.address() + "/vaults"))
              .PUT(BodyPublishers.noBody())
              .build();
      assertThat(HttpClient.newHttpClient().send(bucket, BodyHandlers.ofString()).statusCode())
          .isEqualTo(200);
      Workbench bench =
          bench(
              ("{ store: s3, bucket: vaults, endpoint: \"%s\", credentials: {"
                      + " accessKeyId: env:VAULT_ID, secretAccessKey: env:VAULT_SECRET } }")
                  .formatted(forgetful.address()));

      bench.run("vault", "create", "main").refused("create-only", "no vault was made");

      bench.run("vault", "check", "main").refused("vault create");
    }
  }

  private Workbench bench(String vault) {
    Workbench bench = Workbench.bare(folder);
    Workbench.write(
        folder.resolve("tidemark.yaml"),
        """
        settings: { state: state }
        vaults: { main: %s }
        clusters:
          files: { engine: directory, vault: main, roots: [ { name: data, path: data } ] }
        """
            .formatted(vault));
    bench.variable("VAULT_ID", MinioServer.USER);
    bench.variable("VAULT_SECRET", MinioServer.PASSWORD);
    return bench;
  }

  private static String keys(MinioServer server) {
    return keys(server, server.address());
  }

  private static String keys(MinioServer server, String address) {
    assertThat(server.port()).isPositive();
    return "endpoint: \"%s\", credentials: { accessKeyId: env:VAULT_ID, secretAccessKey: env:VAULT_SECRET }"
        .formatted(address);
  }

  private static String allPrinted(Workbench bench) throws IOException {
    var all = new StringBuilder();
    try (var files = Files.list(bench.folder().resolve("printed"))) {
      for (Path file : files.toList()) {
        all.append(Files.readString(file));
      }
    }
    return all.toString();
  }
}
