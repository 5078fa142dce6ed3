package dev.tidemark.core.config;

import static java.time.Duration.ofHours;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.vault.Compression;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigurationReaderTest {
  private static final Schema DISK =
      Schema.of(
          Schema.required(
              "roots",
              Field.list(
                  Field.options(
                      Schema.of(
                          Schema.required("path", Field.path()),
                          Schema.optional("exclude", Field.list(Field.text())),
                          Schema.optional("include", Field.list(Field.text())),
                          Schema.optional("split", Field.choice("none", "children"), "none"))))),
          Schema.optional("limit", Field.duration(ofSeconds(1), ofHours(1)), "PT1M"),
          Schema.optional("apiKey", Field.secret()),
          Schema.optional("links", Field.flag(), true));
  private static final Map<String, Schema> STORES =
      Map.of(
          "filesystem",
          Schema.of(Schema.required("path", Field.path())),
          "s3",
          Schema.of(
              Schema.required("bucket", Field.text("a bucket", text -> text)),
              Schema.optional("prefix", Field.text("a prefix", text -> text), ""),
              Schema.optional("endpoint", Field.text("an address", text -> text))));
  private static final Schema STAGED =
      Schema.of(Schema.required("staging", Field.chosen("store", null, Schema.of(), STORES)));
  private static final ConfigurationReader READER =
      new ConfigurationReader(
          Map.of("disk", DISK, "other", Schema.of(), "staged", STAGED),
          STORES,
          Set.of("env", "file"));

  private static final String GOOD =
      """
      vaults:
        main: { path: backups }
        fast: { path: /srv/fast, compression: bestcompression, chunkSize: 9 }
      clusters:
        files:
          engine: disk
          vault: main
          roots: [{ path: data }, { path: /srv/b, split: children }]
          limit: 1h
          apiKey: env:KEY
      policies:
        nightly: { clusters: [files], schedule: "0 3 * * MON-FRI", zone: Europe/Berlin, labels: { kind: 7 } }
      settings: { slice: 90s, width: 3, chunkSize: 16 }
      """;

  private static Reading read(String yaml) {
    return READER.read("tidemark.yaml", yaml, Path.of("/etc/tidemark"));
  }

  private static List<String> sentences(String yaml) {
    Reading reading = read(yaml);
    assertThat(reading.configuration()).isNull();
    return reading.problems().stream().map(Problem::sentence).toList();
  }

  /** A good file with one cluster's settings changed. */
  private static List<String> cluster(String settings) {
    return sentences(
        """
        vaults: { main: { path: v } }
        clusters:
          files:
            engine: disk
            roots: []
        """
            + settings.indent(4));
  }

  @Test
  void aGoodFileBecomesAConfigurationWithNothingLeftOpen() {
    Configuration read = read(GOOD).orThrow();

    VaultConfig main = read.vault("main");
    assertThat(main.options().path("path")).isEqualTo(Path.of("/etc/tidemark/backups"));
    assertThat(main.store()).isEqualTo("filesystem");
    assertThat(main.compression()).isEqualTo(Compression.BEST_SPEED);
    assertThat(main.chunkMebibytes()).isEqualTo(16);
    assertThat(read.vault("fast").compression()).isEqualTo(Compression.BEST);

    ClusterConfig files = read.cluster("files");
    assertThat(files.width()).isEqualTo(3);
    assertThat(files.options().duration("limit")).isEqualTo(ofHours(1));
    assertThat(files.options().text("apiKey")).isEqualTo("env:KEY");
    assertThat(files.options().flag("links")).isTrue();
    List<Options> roots = files.options().many("roots");
    assertThat(roots.get(0).path("path")).isEqualTo(Path.of("/etc/tidemark/data"));
    assertThat(roots.get(0).text("split")).isEqualTo("none");
    assertThat(roots.get(1).text("split")).isEqualTo("children");

    PolicyConfig nightly = read.policy("nightly");
    assertThat(nightly.schedule()).isEqualTo("0 3 * * mon-fri");
    assertThat(nightly.zone().getId()).isEqualTo("Europe/Berlin");
    assertThat(nightly.labels()).containsExactly(Map.entry("kind", "7"));

    assertThat(read.settings().slice()).isEqualTo(ofSeconds(90));
    assertThat(read.settings().resumeWindow()).isEqualTo(ofHours(1));
    assertThat(read.settings().state()).isNull();
  }

  @Test
  void chunkSizesAreReportedAsTheyAreUsed() {
    Reading reading = read(GOOD);

    assertThat(reading.orThrow().vault("fast").chunkMebibytes()).isEqualTo(8);
    assertThat(reading.notices()).containsExactly("vaults.fast.chunkSize: 9 MiB is used as 8 MiB");
    assertThat(List.of(2L, 11L, 12L, 32L, 512L).stream().map(ChunkSize::used))
        .containsExactly(8, 8, 16, 32, 56);
  }

  @Test
  void theOnlyVaultIsWhereAClusterGoesByDefault() {
    Configuration read =
        read("vaults: { v: { path: p } }\nclusters: { c: { engine: other } }").orThrow();

    assertThat(read.cluster("c").vault()).isEqualTo("v");
  }

  @Test
  void allErrorsAreReportedTogetherInTheOrderOfTheirLines() {
    String yaml =
        """
        vaults:
          main: { pth: /srv/vault }
        clusters:
          Files: { engine: disk, roots: [], vault: main, limit: 5 }
          other: { engine: dsik, vault: mian }
        settings:
          workers: many
        """;

    assertThat(sentences(yaml))
        .containsExactly(
            "tidemark.yaml:2:3: vaults.main.path: expected a path, found no key 'path'. Hint:"
                + " write 'path' instead of 'pth'",
            "tidemark.yaml:2:11: vaults.main: expected keys of compression, chunkSize, store,"
                + " path, found the key 'pth'. Hint: did you mean 'path'?",
            "tidemark.yaml:4:3: clusters.Files: expected a name of 1 to 40 of a-z, 0-9 and -,"
                + " found 'Files'",
            "tidemark.yaml:4:57: clusters.Files.limit: expected a duration from 1s to 1h, found"
                + " '5'. Hint: write a number with a unit (ms, s, m, h, d), like 60s",
            "tidemark.yaml:5:20: clusters.other.engine: expected one of disk, other, staged, found 'dsik'."
                + " Hint: did you mean 'disk'?",
            "tidemark.yaml:5:33: clusters.other.vault: expected a configured vault: main, found"
                + " 'mian'. Hint: did you mean 'main'?",
            "tidemark.yaml:7:12: settings.workers: expected a whole number from 1 to 64, found"
                + " 'many'");
  }

  @Test
  void severalErrorsAreOneFailure() {
    assertThatThrownBy(() -> read("valts: {}\nclustres: {}").orThrow())
        .isInstanceOf(PermanentFailure.class)
        .hasMessageContaining("found 2 errors:\n  tidemark.yaml:1:1: ")
        .hasMessageContaining("did you mean 'vaults'?")
        .hasMessageContaining("did you mean 'clusters'?");
  }

  @Test
  void oneErrorIsAFailureOfItsOwn() {
    assertThatThrownBy(() -> read("settings: { width: 0 }").orThrow())
        .hasMessage(
            "tidemark.yaml:1:20: settings.width: expected a whole number from 1 to 64, found '0'");
  }

  @Test
  void aKeyThatStandsTwiceIsRefused() {
    assertThat(cluster("limit: 1s\nlimit: 2s"))
        .containsExactly(
            "tidemark.yaml:7:5: clusters.files.limit: expected each key once, found the key a"
                + " second time; the first is in line 6. Hint: remove one of them");
  }

  @Test
  void aMistypedKeyThatMustBeThereIsNamed() {
    assertThat(read("vaults: { v: { path: p } }\nclusters: { c: { engin: other } }").problems())
        .extracting(Problem::hint)
        .contains("write 'engine' instead of 'engin'");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "hunter2",
        "'*hunter2'",
        "vault:hunter2",
        "env:",
        "[hunter2]",
        "{hunter2: hunter2}",
        "!x hunter2",
        "hunter2: hunter2",
        "*hunter2",
        "\"hunter2",
        "@hunter2",
        "!hunter2 '",
        "%hunter2"
      })
  void aSecretIsTakenByReferenceOnlyAndNeverRepeated(String literal) {
    assertThat(cluster("apiKey: " + literal))
        .isNotEmpty()
        .allSatisfy(sentence -> assertThat(sentence).doesNotContain("hunter2"))
        .first()
        .asString()
        .startsWith("tidemark.yaml:");
  }

  @Test
  void aLiteralSecretIsToldWhereItBelongs() {
    assertThat(cluster("apiKey: hunter2"))
        .containsExactly(
            "tidemark.yaml:6:13: clusters.files.apiKey: expected a reference to a secret (env:…,"
                + " file:…), found something else, which is not shown because it may be the secret"
                + " itself. Hint: keep the secret in an environment variable or a file, and name"
                + " that here");
  }

  @Test
  void valuesOfAnotherTypeAreRefused() {
    assertThat(cluster("links: yes").get(0)).contains("expected true or false, found 'yes'");
    assertThat(cluster("limit: [1s]").get(0)).contains("from 1s to 1h, found a list");
    assertThat(cluster("limit:").get(0)).contains("found nothing");
    assertThat(cluster("width: 1.5").get(0)).contains("found '1.5'");
    assertThat(cluster("width: 99999999999999999999").get(0)).contains("a whole number from");
    assertThat(sentences("vaults: 5").get(0)).contains("vaults: expected names, each with");
    assertThat(sentences("- a").get(0)).contains("found a list");
    assertThat(sentences("vaults: { v: { path: ~/x } }").get(0)).contains("write the whole path");
  }

  @Test
  void policiesReferToWhatThereIs() {
    String yaml =
        """
        vaults: { v: { path: p } }
        clusters: { files: { engine: other } }
        policies:
          a: { clusters: [fils], vault: w, include: [a], exclude: [b] }
          b: { clusters: [], schedule: 0 3 * *, zone: Europe/Berln }
          c: { clusters: [files], schedule: 0 24 * * * }
        """;

    assertThat(sentences(yaml))
        .hasSize(7)
        .anySatisfy(s -> assertThat(s).contains("found 'fils'. Hint: did you mean 'files'?"))
        .anySatisfy(s -> assertThat(s).contains("policies.a.vault: expected a configured vault: v"))
        .anySatisfy(s -> assertThat(s).contains("expected include or exclude, found both"))
        .anySatisfy(s -> assertThat(s).contains("expected at least one cluster"))
        .anySatisfy(s -> assertThat(s).contains("Hint: five fields"))
        .anySatisfy(s -> assertThat(s).contains("did you mean 'Europe/Berlin'?"))
        .anySatisfy(s -> assertThat(s).contains("Hint: the hour goes from 0 to 23"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "# nothing", "---\n", "a: b\n---\nc: d", "a: [", "\u0000", "&a [*a]"})
  void whatIsNoConfigurationIsRefusedWithASentence(String text) {
    assertThat(sentences(text)).isNotEmpty();
  }

  @Test
  void aMillionAliasesAreRefusedAtOnce() {
    var yaml = new StringBuilder("a0: &a0 [x]\n");
    for (int i = 1; i < 60; i++) {
      yaml.append("a%d: &a%d [*a%d, *a%d]\n".formatted(i, i, i - 1, i - 1));
    }
    assertThat(sentences(yaml.toString())).isNotEmpty();
  }

  @Test
  void filesThatMeanTheSameHaveTheSameDigest() {
    String reordered =
        """
        settings: { chunkSize: 16, width: 3, slice: 1m30s, workers: 2 }
        vaults:
          fast: { chunkSize: 9, path: /srv/x/../fast, compression: ZstdBestCompression }
          main: { store: filesystem, path: /etc/tidemark/backups }
        policies:
          nightly: { labels: { kind: "7" }, clusters: [files], schedule: "0 3 * * mon-fri", zone: Europe/Berlin }
        clusters:
          files: { engine: disk, vault: main, apiKey: env:KEY, limit: 60m,
            roots: [{ path: data }, { path: /srv/b, split: children }] }
        """;
    Configuration one = read(GOOD).orThrow();
    Configuration two = read(reordered).orThrow();

    assertThat(two.json()).isEqualTo(one.json());
    assertThat(two.digest()).isEqualTo(one.digest()).matches("[0-9a-f]{64}");
    assertThat(read(GOOD.replace("width: 3", "width: 4")).orThrow().digest())
        .isNotEqualTo(one.digest());
  }

  @Test
  void theCanonicalFormReadsBack() {
    Configuration written = read(GOOD).orThrow();

    Configuration read = Configuration.parse(written.json());

    assertThat(read).isEqualTo(written);
    assertThat(read.clusters()).isEqualTo(written.clusters());
    assertThat(read.policies()).isEqualTo(written.policies());
    assertThat(read.settings()).isEqualTo(written.settings());
    assertThat(Configuration.empty().settings().slice()).isEqualTo(ofMinutes(8));
    assertThat(Configuration.parse(Configuration.empty().json())).isEqualTo(Configuration.empty());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "[]", "{", "{}", "{\"settings\":{}}", "{\"settings\":{\"width\":1.5}}"})
  void anotherJsonIsNoConfiguration(String json) {
    assertThatThrownBy(() -> Configuration.parse(json))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void anUnknownNameIsAnsweredWithTheNearest() {
    assertThatThrownBy(() -> read(GOOD).orThrow().cluster("flies"))
        .hasMessage(
            "cluster 'flies': expected one of files, found no cluster of that name. Hint: did you"
                + " mean 'files'?");
  }

  @Test
  void filesAreReadWithTheirFolderAndTheirFaultsNamed(@TempDir Path folder) throws Exception {
    Path file = Files.writeString(folder.resolve("t.yaml"), "vaults: { v: { path: p } }");
    assertThat(READER.read(file).orThrow().vault("v").options().path("path"))
        .isEqualTo(folder.toAbsolutePath().resolve("p"));

    assertThatThrownBy(() -> READER.read(folder.resolve("none.yaml")))
        .hasMessageContaining("expected a YAML file, found no such file");
    assertThatThrownBy(() -> READER.read(folder)).hasMessageContaining("found a folder");
    Path latin = Files.write(folder.resolve("l.yaml"), new byte[] {'a', ':', ' ', (byte) 0xE9});
    assertThatThrownBy(() -> READER.read(latin)).hasMessageContaining("UTF-8");
    Path huge = Files.writeString(folder.resolve("h.yaml"), " ".repeat((1 << 20) + 1));
    assertThatThrownBy(() -> READER.read(huge)).hasMessageContaining("at most 1 MiB");
  }

  @Test
  void aStagingAreaThatMeetsAVaultIsRefused() {
    String yaml =
        """
        vaults:
          disk: { path: /srv/vault }
          bucket: { store: s3, bucket: b, prefix: kept/vault }
        clusters:
          w: { engine: staged, vault: disk, staging: %s }
        """;
    for (String place :
        List.of(
            "{ store: filesystem, path: /srv/vault }",
            "{ store: filesystem, path: /srv }",
            "{ store: filesystem, path: /srv/other/../vault/staging }",
            "{ store: s3, bucket: b }",
            "{ store: s3, bucket: b, prefix: kept }",
            "{ store: s3, bucket: b, prefix: kept/vault/staging }")) {
      String vault = place.contains("s3") ? "'bucket'" : "'disk'";
      assertThat(sentences(yaml.formatted(place)))
          .as(place)
          .singleElement(as(InstanceOfAssertFactories.STRING))
          .contains("clusters.w.staging", "that of vault " + vault, "another folder");
    }
    for (String place :
        List.of(
            "{ store: filesystem, path: /srv/vault-staging }",
            "{ store: s3, bucket: other, prefix: kept/vault }",
            "{ store: s3, bucket: b, prefix: kept/vaults }",
            "{ store: s3, bucket: b, prefix: kept/vault, endpoint: 'http://minio:9000' }")) {
      assertThat(read(yaml.formatted(place)).problems()).as(place).isEmpty();
    }
  }

  @Test
  void whatIsNotWholeIsRefusedAndComparedWithNothing() {
    String yaml =
        """
        vaults: { main: %s }
        clusters:
          files: { engine: disk, roots: [%s] }
          w: { engine: staged, staging: %s }
        """;
    String path = "{ path: /srv/a }";
    String staging = "{ store: filesystem, path: /srv/b }";
    for (String each :
        List.of(
            yaml.formatted("{ store: s3 }", path, staging),
            yaml.formatted("{ }", path, staging),
            yaml.formatted("{ path: /srv/v }", "{ split: children }", staging),
            yaml.formatted("{ path: /srv/v }", path, "{ store: s3 }"),
            yaml.formatted("{ path: /srv/v }", path, "{ store: filesystem }"),
            yaml.formatted("{ path: [] }", path, staging),
            yaml.formatted("{ path: /srv/v }", "here", staging),
            yaml.formatted("{ path: /srv/v }", "{ path: /srv, exclude: v }", staging),
            yaml.formatted("{ path: /srv/v }", path, "there"))) {
      assertThat(sentences(each))
          .as(each)
          .isNotEmpty()
          .allMatch(sentence -> sentence.contains("expected"))
          .noneMatch(sentence -> sentence.contains("a place of its own"));
    }
  }

  @Test
  void aVaultThatWouldBeBackedUpIntoItselfIsRefused() {
    String yaml =
        """
        vaults: { main: { path: /srv/backups/vault } }
        clusters:
          files: { engine: disk, roots: [{ path: /var }, %s] }
        """;
    for (String root : List.of("{ path: /srv }", "{ path: /srv/backups, exclude: ['*.tmp'] }")) {
      assertThat(sentences(yaml.formatted(root)))
          .as(root)
          .singleElement(as(InstanceOfAssertFactories.STRING))
          .contains("clusters.files.roots", "vault 'main' in /srv", "vault/]");
    }
    assertThat(sentences(yaml.formatted("{ path: /srv/backups/vault }")))
        .singleElement(as(InstanceOfAssertFactories.STRING))
        .contains("name another folder");
    for (String root :
        List.of(
            "{ path: /srv, exclude: [backups/vault/] }",
            "{ path: /srv, exclude: ['*.tmp', backups] }",
            "{ path: /srv, include: ['*.db'] }",
            "{ path: /srv/backups/vault-of-others }",
            "{ path: /srv/backups/vault/data }")) {
      assertThat(read(yaml.formatted(root)).problems()).as(root).isEmpty();
    }
  }
}
