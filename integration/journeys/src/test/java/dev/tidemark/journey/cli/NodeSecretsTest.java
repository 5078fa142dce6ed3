package dev.tidemark.journey.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.contract.node.NodeCluster;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Nodes that want to know whom they talk to. */
@Execution(ExecutionMode.CONCURRENT)
class NodeSecretsTest {
  private static final String WRONG = "not-the-key-of-the-nodes";

  private final Path folder;

  NodeSecretsTest(@TempDir Path folder) {
    this.folder = folder;
  }

  @Test
  void tlsAndKeysAreNeededAndAreNeverShown() throws IOException {
    Path place = Files.createDirectory(folder.resolve("c"));
    Identities identities = Identities.in(place).with("node").with("client");
    String authority = identities.authority().toString();
    try (NodeCluster nodes =
        NodeCluster.startTls(
            place,
            List.of("n1", "n2"),
            identities.context("node"),
            "--tls-certificate=" + identities.certificate("node"),
            "--tls-key=" + identities.key("node"),
            "--tls-client-ca=" + authority,
            "--tls-ca=" + authority)) {
      nodes.api().collection("books", Map.of("s0", "n1", "s1", "n2"));
      nodes.api().store("books", "", 0, 500, 1);
      String trusting = "tls: { authority: \"%s\" }".formatted(authority);
      String tls =
          "tls: { authority: \"%s\", certificate: \"%s\", key: \"%s\" }"
              .formatted(authority, identities.certificate("client"), identities.key("client"));
      NodeBench bench = NodeBench.with(folder, nodes, tls);
      bench.backup("by-file");
      bench.workbench().variable("NODE_KEY", NodeCluster.KEY);
      bench.knowing(NodeBench.CLUSTER, nodes.addresses(), "apiKey: \"env:NODE_KEY\", " + tls);
      bench.restore("by-file", "--suffix", "-r");
      assertThat(nodes.api().contents("books-r", "")).isEqualTo(nodes.api().contents("books", ""));

      bench.workbench().variable("NODE_KEY", WRONG);
      refused(bench, "node n1", "apiKey");
      bench.workbench().variable("NODE_KEY", "");
      refused(bench, "env:NODE_KEY", "a value");
      Workbench.write(folder.resolve("key"), WRONG);
      bench.reaching(nodes.addresses(), tls);
      refused(bench, "node n1", "apiKey");
      Workbench.write(folder.resolve("key"), NodeCluster.KEY);
      bench.reaching(nodes.addresses(), trusting);
      assertThat(bench.run("backup", "create", "vectors").ends(1).err()).contains("node n1");
      bench.reaching(nodes.addresses(), "deadline: 5s");
      assertThat(bench.run("backup", "create", "vectors").ends(1).err())
          .contains("node n1", "certif");
      bench.leavesNothing();
      shown(identities.secretOf("client"), WRONG, NodeCluster.KEY);
    }
  }

  private static void refused(NodeBench bench, String... words) {
    bench.run("backup", "create", "vectors", "--id", "refused").refused(words);
    assertThat(bench.run("backup", "list").done().out()).doesNotContain("refused");
  }

  /** No file that Tidemark wrote has any of these. */
  private void shown(String... secrets) throws IOException {
    for (String written : List.of("state", "printed", "vault")) {
      try (Stream<Path> files = Files.walk(folder.resolve(written))) {
        for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
          String content = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
          assertThat(content.length()).isNotNegative();
          for (String secret : secrets) {
            assertThat(content.contains(secret)).as("a secret in " + file).isFalse();
          }
        }
      }
    }
  }
}
