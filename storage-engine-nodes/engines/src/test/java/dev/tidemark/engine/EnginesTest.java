package dev.tidemark.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tidemark.core.config.ClusterConfig;
import dev.tidemark.core.config.ConfigurationReader;
import dev.tidemark.core.config.Field;
import dev.tidemark.core.config.Reading;
import dev.tidemark.core.config.Schema;
import dev.tidemark.core.engine.RunToken;
import dev.tidemark.core.engine.Shard;
import dev.tidemark.core.engine.StorageEngine;
import dev.tidemark.core.engine.Target.TargetUnit;
import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.secret.SecretStore;
import dev.tidemark.core.staging.StagingAreas;
import dev.tidemark.engine.directory.DirectoryConfig;
import dev.tidemark.engine.directory.DirectoryConfig.Split;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EnginesTest {
  @TempDir Path folder = Path.of("/");

  private Reading read(String cluster) {
    var stores = Map.of("filesystem", Schema.of(Schema.required("path", Field.path())));
    var reader = new ConfigurationReader(Engines.schemas(stores), stores, Set.of("env"));
    return reader.read(
        "tidemark.yaml",
        "vaults: { main: { path: v } }\nclusters:\n  files:\n    engine: directory\n" + cluster,
        folder);
  }

  private static final SecretStore NO_SECRETS =
      reference -> {
        throw new AssertionError(reference);
      };

  private static final StagingAreas NO_AREAS =
      place -> {
        throw new AssertionError(place);
      };

  private ClusterConfig cluster(String yaml) {
    return Objects.requireNonNull(read(yaml).orThrow().clusters().get("files"));
  }

  @Test
  void aClusterOfDirectoriesIsOpenedFromItsConfiguration() throws IOException {
    Files.createDirectories(folder.resolve("data/child"));
    Files.createDirectories(folder.resolve("data/tmp"));
    Files.createDirectories(folder.resolve("other"));
    StorageEngine engine =
        Engines.open(
            cluster(
                """
                    roots:
                      - { path: data, split: children, exclude: [tmp/] }
                      - { name: second, path: other }
                """),
            NO_SECRETS,
            NO_AREAS,
            folder.resolve("state"),
            InstantSource.system());
    assertThat(engine.catalog().describe().collections()).containsExactly("data", "second");
    assertThat(engine.catalog().shards(null, 10))
        .extracting(Shard::canonicalName)
        .containsExactly("data/.", "data/child", "second");
  }

  @Test
  void hooksAreACommandWithALimit() {
    ClusterConfig cluster =
        cluster(
            """
                roots: [{ path: data, include: [a, b/**] }]
                hooks:
                  before: { run: [systemctl, stop, db], limit: 90s }
                  after: { run: [systemctl, start, db] }
            """);
    DirectoryConfig config = DirectoryConfig.of("files", cluster.options());
    assertThat(config.roots().get(0).split()).isEqualTo(Split.NONE);
    assertThat(config.roots().get(0).include()).containsExactly("a", "b/**");
    assertThat(config.before())
        .isEqualTo(
            new DirectoryConfig.Hook(List.of("systemctl", "stop", "db"), Duration.ofSeconds(90)));
    assertThat(config.after())
        .isEqualTo(
            new DirectoryConfig.Hook(List.of("systemctl", "start", "db"), Duration.ofMinutes(1)));
  }

  @Test
  void whatMakesNoSenseIsRefusedWithAHint() {
    for (String wrong :
        List.of(
            "    roots: []\n",
            "    roots: [{ path: /, exclude: [v] }]\n",
            "    roots: [{ path: a/data }, { path: b/data }]\n",
            "    roots: [{ path: data }]\n    hooks: { before: { run: [] } }\n")) {
      assertThatExceptionOfType(PermanentFailure.class)
          .as(wrong)
          .isThrownBy(
              () ->
                  Engines.open(
                      cluster(wrong),
                      NO_SECRETS,
                      NO_AREAS,
                      folder.resolve("state"),
                      InstantSource.system()))
          .satisfies(failure -> assertThat(failure.hint()).isNotEmpty());
    }
    for (String wrong :
        List.of(
            "    roots: [{ path: data, split: all }]\n",
            "    roots: [{ path: data, exclude: [''] }]\n",
            "    roots: [{ path: data, name: ../x }]\n",
            "    roots: [{ path: data }]\n    hooks: { befor: { run: [x] } }\n")) {
      assertThat(read(wrong).problems()).as(wrong).hasSize(1);
    }
  }

  @Test
  void aRootThatIsNotThereCanBeRestoredButNotBackedUp() {
    StorageEngine engine =
        Engines.open(
            cluster("    roots: [{ path: unmounted }]\n"),
            NO_SECRETS,
            NO_AREAS,
            folder.resolve("state"),
            InstantSource.system());
    assertThat(engine.catalog().describe().fingerprint()).isEqualTo("unmounted=absent");
    List<Shard> shards = engine.catalog().shards(null, 10);
    var run = new RunToken("d", "aaaaaaaaaaaa");
    var unit =
        new TargetUnit("unit", new Shard("unmounted", "", "", 0), "unmounted", "", "", true, false);
    assertThat(engine.target().rooms(List.of(unit)).get(0).existing()).isEmpty();
    assertThatExceptionOfType(PermanentFailure.class)
        .isThrownBy(() -> engine.source().prepare(run, List.of(shards.get(0).collection())))
        .withMessageContaining("root 'unmounted'");
  }
}
