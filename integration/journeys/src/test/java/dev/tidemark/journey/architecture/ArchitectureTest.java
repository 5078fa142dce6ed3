package dev.tidemark.journey.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.ArchConfiguration;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.core.importer.Locations;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.EvaluationResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The product keeps the rules, and each rule notices who breaks it. */
class ArchitectureTest {
  private static JavaClasses everything = new ClassFileImporter().importPackages();
  private static JavaClasses product = everything;
  private static JavaClasses tests = everything;
  private static JavaClasses offenders = everything;

  @BeforeAll
  static void read() throws IOException {
    // Reading the classes of the JDK and of libraries too would take half a minute.
    ArchConfiguration.get().setResolveMissingDependenciesFromClassPath(false);
    Set<Location> locations = new HashSet<>(Locations.ofPackage("dev.tidemark"));
    testClasses().forEach(folder -> locations.add(Location.of(folder)));
    everything = new ClassFileImporter().importLocations(locations);
    tests = everything.that(describe("are tests", ArchitectureTest::isTest));
    product = everything.that(not(describe("are tests", ArchitectureTest::isTest)));
    offenders = tests.that(describe("offend", ArchitectureTest::isOffender));
  }

  @Test
  void theWholeProductIsLookedAt() {
    assertThat(product.contain("dev.tidemark.events.WorkItem")).isTrue();
    assertThat(product.contain("dev.tidemark.core.state.StateTable")).isTrue();
    assertThat(product.contain("dev.tidemark.api.Api")).isTrue();
    assertThat(product.contain("dev.tidemark.local.Processes")).isTrue();
    assertThat(product.contain("dev.tidemark.aws.AwsPlatform")).isTrue();
    assertThat(product.contain("dev.tidemark.aws.http.Gateway")).isTrue();
    assertThat(product.contain("dev.tidemark.contract.StateTableContract")).isTrue();
    assertThat(product.stream().map(each -> each.getName()))
        .noneMatch(name -> name.startsWith("dev.tidemark.journey"));
  }

  @Test
  void arrowsPointOneWay() {
    assertKept(Rules.ARROWS_POINT_ONE_WAY);
    assertThat(broken(Rules.ARROWS_POINT_ONE_WAY, productAndOffenders()))
        .anyMatch(line -> line.contains("core.offending.Offender"))
        .anyMatch(line -> line.contains("events.offending.Offender"))
        .anyMatch(line -> line.contains("engine.offending.Offender"))
        .anyMatch(line -> line.contains("api.offending.Offender"))
        .anyMatch(line -> line.contains("contract.offending.Offender"))
        .anyMatch(line -> line.contains("node.offending.Offender"))
        .anyMatch(line -> line.contains("elsewhere.Offender"));
  }

  @Test
  void testingStaysInTests() {
    assertKept(Rules.TESTING_STAYS_IN_TESTS);
    assertThat(broken(Rules.TESTING_STAYS_IN_TESTS, offenders))
        .anyMatch(line -> line.contains("StateTableContract"))
        .anyMatch(line -> line.contains("org.junit"));
  }

  @Test
  void timeEnvironmentAndChanceEnterCoreFromOutsideOnly() {
    assertKept(Rules.NOTHING_AMBIENT_IN_CORE);
    List<String> broken = broken(Rules.NOTHING_AMBIENT_IN_CORE, offenders);
    for (String call :
        List.of(
            "Instant.now()",
            "Clock.systemUTC()",
            "InstantSource.system()",
            "System.currentTimeMillis()",
            "System.nanoTime()",
            "System.getenv(",
            "System.getProperty(",
            "UUID.randomUUID()",
            "Random.<init>()",
            "SecureRandom.<init>()",
            "ThreadLocalRandom.current()",
            "Thread.sleep(",
            "TimeUnit.sleep(")) {
      assertThat(broken).as(call).anyMatch(line -> line.contains(call));
    }
    assertThat(broken).noneMatch(line -> line.contains("Random.<init>(long)"));
  }

  @Test
  void coreNeedsNoCloudAndEventsNeedJsonOnlyAndTheApiBringsNoServer() {
    assertKept(Rules.CORE_NEEDS_NO_CLOUD);
    assertKept(Rules.API_BRINGS_NO_SERVER);
    assertKept(Rules.EVENTS_NEED_JSON_ONLY);
    assertThat(broken(Rules.CORE_NEEDS_NO_CLOUD, offenders))
        .anyMatch(line -> line.contains("org.junit"));
    assertThat(broken(Rules.EVENTS_NEED_JSON_ONLY, offenders))
        .anyMatch(line -> line.contains("core.time.Ids"));
  }

  @Test
  void everyAdapterRunsTheContractOfItsPort() {
    assertKept(Rules.everyAdapterRunsItsContract(tests));
    assertThat(broken(Rules.everyAdapterRunsItsContract(tests), offenders))
        .containsExactlyInAnyOrder(
            "no UnprovenTableTest implements StateTableContract",
            "no WrongQueueTest implements WorkQueueContract");
  }

  private static void assertKept(ArchRule rule) {
    rule.check(product);
  }

  private static List<String> broken(ArchRule rule, JavaClasses classes) {
    EvaluationResult result = rule.allowEmptyShould(true).evaluate(classes);
    return result.getFailureReport().getDetails();
  }

  private static JavaClasses productAndOffenders() {
    return everything.that(
        describe(
            "are of the product or offend it",
            each -> !isTest(each) || (isOffender(each) && !each.getName().contains("journey"))));
  }

  private static boolean isTest(JavaClass candidate) {
    return candidate.getSource().orElseThrow().getUri().toString().contains("/test-classes/");
  }

  private static boolean isOffender(JavaClass candidate) {
    String name = candidate.getPackageName();
    return name.endsWith(".offending") || name.endsWith(".elsewhere");
  }

  /** Where the modules of the build put their tests; without them the adapters have none. */
  private static List<Path> testClasses() throws IOException {
    Path root = Path.of("../..").toRealPath();
    try (var folders = Files.find(root, 5, (path, kind) -> path.endsWith("target/test-classes"))) {
      List<Path> found = folders.toList();
      assertThat(found).as("compiled tests; build with -am").hasSizeGreaterThan(3);
      return found;
    }
  }
}
