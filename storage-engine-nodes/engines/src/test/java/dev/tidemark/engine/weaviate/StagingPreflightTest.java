package dev.tidemark.engine.weaviate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.core.config.ConfigurationReader;
import dev.tidemark.core.config.Field;
import dev.tidemark.core.config.Schema;
import dev.tidemark.core.engine.Condition;
import dev.tidemark.core.engine.Condition.Verdict;
import dev.tidemark.core.failure.PermanentFailure;
import dev.tidemark.core.failure.PermanentFailure.Kind;
import dev.tidemark.core.memory.InMemoryStagingArea;
import dev.tidemark.core.staging.Expiry;
import dev.tidemark.core.staging.StagingArea;
import dev.tidemark.engine.Engines;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** What is said of a bucket, whatever its rules are and whoever may read them. */
class StagingPreflightTest {
  private final InMemoryStagingArea place = new InMemoryStagingArea(InstantSource.system(), 1);

  private static WeaviateConfig config(String backend) {
    Map<String, Schema> stores =
        Map.of(
            "filesystem",
            Schema.of(Schema.required("path", Field.path())),
            "s3",
            Schema.of(
                Schema.required("bucket", Field.text("a bucket", text -> text)),
                Schema.required("prefix", Field.text("a prefix", text -> text))));
    String staging =
        backend.equals("s3")
            ? "{ store: s3, bucket: b, prefix: scratch }"
            : "{ store: filesystem, path: p }";
    return WeaviateConfig.of(
        "w",
        new ConfigurationReader(Engines.schemas(stores), stores, Set.of("env"))
            .read(
                "tidemark.yaml",
                """
                vaults: { main: { path: v } }
                clusters:
                  w: { engine: weaviate, endpoints: ['http://x'], backend: %s, staging: %s }
                """
                    .formatted(backend, staging),
                Path.of("/nowhere"))
            .orThrow()
            .cluster("w")
            .options());
  }

  private List<Condition> look(Supplier<Expiry> rules) {
    // All but the rules is as it is.
    var area =
        (StagingArea)
            Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {StagingArea.class},
                (proxy, method, arguments) -> {
                  try {
                    return method.getName().equals("expiry")
                        ? rules.get()
                        : method.invoke(place, arguments);
                  } catch (InvocationTargetException e) {
                    throw e.getCause();
                  }
                });
    return new StagingPreflight(config("s3"), area, InstantSource.system()).inspect();
  }

  private List<Condition> look(Expiry rules) {
    return look(() -> rules);
  }

  @Test
  void aPlaceThatCanBeUsedAndIsSweptIsGoodAndNothingStaysInIt() {
    List<Condition> found = look(new Expiry(Duration.ofDays(2), Duration.ofDays(1), ""));
    assertThat(found).hasSize(3).allMatch(each -> each.verdict() == Verdict.GOOD);
    assertThat(found.get(1).found()).isEqualTo("after 2d");
    assertThat(place.list("", null, 10)).isEmpty();
  }

  @Test
  void aRuleThatIsMissingIsNamedWithItsPrefix() {
    assertThat(look(Expiry.NEVER).subList(1, 3))
        .allMatch(each -> each.verdict() == Verdict.WARNING)
        .allMatch(each -> each.hint().contains("prefix scratch/tidemark- that expires objects"))
        .allMatch(each -> each.hint().contains("after 2 days"));
  }

  @Test
  void aRuleMustLeaveTimeForABackupAndNotKeepLeftoversForWeeks() {
    for (int days : List.of(1, 8, 365)) {
      Condition objects = look(new Expiry(Duration.ofDays(days), Duration.ofDays(3), "")).get(1);
      assertThat(objects.verdict()).as("%d days", days).isEqualTo(Verdict.WARNING);
      assertThat(objects.found()).startsWith("after " + days + "d");
    }
    assertThat(look(new Expiry(Duration.ofDays(2), Duration.ofDays(30), "")).get(2).verdict())
        .isEqualTo(Verdict.WARNING);
  }

  @Test
  void rulesThatMayNotBeReadAreUnknownAndThePermissionIsNamed() {
    List<Condition> found = look(Expiry.unknown("AccessDenied: not authorized"));
    assertThat(found).hasSize(2);
    assertThat(found.get(1).verdict()).isEqualTo(Verdict.UNKNOWN);
    assertThat(found.get(1).found()).contains("AccessDenied");
    assertThat(found.get(1).hint()).contains("s3:GetLifecycleConfiguration");
  }

  @Test
  void aPlaceThatIsGoneIsInTheWayAndItsRulesAreUnknown() {
    place.vanish();
    List<Condition> found =
        look(
            () -> {
              throw PermanentFailure.of(Kind.NOT_FOUND, "bucket 'b'").found("none");
            });
    assertThat(found.get(0).verdict()).isEqualTo(Verdict.BAD);
    assertThat(found.get(1).verdict()).isEqualTo(Verdict.UNKNOWN);
  }

  @Test
  void aFolderHasNoRules() {
    assertThat(new StagingPreflight(config("filesystem"), place, InstantSource.system()).inspect())
        .singleElement()
        .matches(each -> each.verdict() == Verdict.GOOD);
  }
}
