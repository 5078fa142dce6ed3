package dev.tidemark.journey.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** What the architecture forbids, each rule with its reason. */
final class Rules {
  private static final String CORE = "dev.tidemark.core..";
  private static final String EVENTS = "dev.tidemark.events..";
  private static final String CONTRACT = "dev.tidemark.contract..";

  private static final Pattern AMBIENT =
      Pattern.compile(
          String.join(
              "|",
              "java\\.time\\.\\w+\\.now\\(.*",
              "java\\.time\\.Clock\\.(system|tick).*",
              "java\\.time\\.InstantSource\\.system\\(.*",
              "java\\.lang\\.System\\.(currentTimeMillis|nanoTime|getenv|getProperty|getProperties)"
                  + "\\(.*",
              "java\\.lang\\.(Thread|.*TimeUnit)\\.sleep\\(.*",
              "java\\.util\\.concurrent\\.TimeUnit\\.sleep\\(.*",
              "java\\.util\\.concurrent\\.locks\\.LockSupport\\.park(Nanos|Until)\\(.*",
              "java\\.util\\.UUID\\.randomUUID\\(.*",
              "java\\.util\\.(Random|SplittableRandom|Date)\\.<init>\\(\\)",
              "java\\.util\\.Collections\\.shuffle\\(java\\.util\\.List\\)",
              "java\\.util\\.concurrent\\.ThreadLocalRandom\\.current\\(.*",
              "java\\.lang\\.Math\\.random\\(.*",
              "java\\.security\\.SecureRandom\\..*"));

  /** Each port with the contract that its adapters prove; the engine's module follows its own. */
  private static final Map<String, String> CONTRACTS =
      Map.of(
          "dev.tidemark.core.blob.BlobStore", "BlobStoreContract",
          "dev.tidemark.core.state.StateTable", "StateTableContract",
          "dev.tidemark.core.queue.WorkQueue", "WorkQueueContract",
          "dev.tidemark.core.notice.NoticeBus", "NoticeBusContract",
          "dev.tidemark.core.secret.SecretStore", "SecretStoreContract",
          "dev.tidemark.core.staging.StagingArea", "StagingAreaContract",
          "dev.tidemark.core.engine.StorageEngine", "BackupEngineContract");

  static final ArchRule ARROWS_POINT_ONE_WAY =
      layeredArchitecture()
          .consideringOnlyDependenciesInLayers()
          .layer("events")
          .definedBy(EVENTS)
          .layer("core")
          .definedBy(CORE)
          .optionalLayer("stores")
          .definedBy("dev.tidemark.store..")
          .optionalLayer("engines")
          .definedBy("dev.tidemark.engine..")
          .layer("api")
          .definedBy("dev.tidemark.api..")
          .layer("functions")
          .definedBy("dev.tidemark.local..", "dev.tidemark.aws..")
          .layer("contracts")
          .definedBy(CONTRACT)
          .layer("node")
          .definedBy("dev.tidemark.node..")
          .layer("emulators")
          .definedBy("dev.tidemark.emulator..")
          .optionalLayer("journeys")
          .definedBy("dev.tidemark.journey..")
          .whereLayer("events")
          .mayNotAccessAnyLayer()
          .whereLayer("core")
          .mayOnlyAccessLayers("events")
          .whereLayer("stores")
          .mayOnlyAccessLayers("events", "core")
          .whereLayer("engines")
          .mayOnlyAccessLayers("events", "core")
          // Hosted by every function, so it knows none.
          .whereLayer("api")
          .mayOnlyAccessLayers("events", "core")
          .whereLayer("functions")
          .mayOnlyAccessLayers("events", "core", "stores", "engines", "api")
          .whereLayer("contracts")
          .mayOnlyAccessLayers("events", "core")
          // A server of its own, which is reached by HTTP only.
          .whereLayer("node")
          .mayNotAccessAnyLayer()
          .whereLayer("node")
          .mayNotBeAccessedByAnyLayer()
          // Likewise.
          .whereLayer("emulators")
          .mayNotAccessAnyLayer()
          .whereLayer("emulators")
          .mayNotBeAccessedByAnyLayer()
          .whereLayer("journeys")
          .mayNotBeAccessedByAnyLayer()
          .ensureAllClassesAreContainedInArchitecture()
          .because("a reader follows events ← core ← stores, engines ← functions ← journeys");

  static final ArchRule TESTING_STAYS_IN_TESTS =
      noClasses()
          .that()
          .resideOutsideOfPackages(CONTRACT, "dev.tidemark.journey..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(CONTRACT, "org.junit..", "org.assertj..", "net.jqwik..")
          .because("contracts are a jar for test scope");

  static final ArchRule NOTHING_AMBIENT_IN_CORE =
      noClasses()
          .that()
          .resideInAnyPackage(CORE, EVENTS)
          .should()
          .accessTargetWhere(
              describe(
                  "reaches for time, environment or chance",
                  (JavaAccess<?> access) ->
                      AMBIENT.matcher(access.getTarget().getFullName()).matches()))
          .because("time, environment and randomness enter at the composition root");

  static final ArchRule CORE_NEEDS_NO_CLOUD =
      classes()
          .that()
          .resideInAPackage(CORE)
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              CORE,
              EVENTS,
              "java..",
              "javax.crypto..",
              "com.fasterxml.jackson..",
              "com.github.luben.zstd..",
              "org.snakeyaml.engine..",
              "org.jspecify..",
              "")
          .because("SDKs and frameworks weigh on every function that starts");

  static final ArchRule API_BRINGS_NO_SERVER =
      noClasses()
          .that()
          .resideInAPackage("dev.tidemark.api..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "io.netty..", "io.micronaut.http.server.netty..", "com.amazonaws..", "picocli..")
          .because("a server, or a cloud's function, hosts the same controllers");

  static final ArchRule EVENTS_NEED_JSON_ONLY =
      classes()
          .that()
          .resideInAPackage(EVENTS)
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(EVENTS, "java..", "com.fasterxml.jackson..", "org.jspecify..", "")
          .because("whoever reads our events should need no more");

  private Rules() {}

  /**
   * Each adapter {@code X} of a port has an {@code XTest} that runs the port's contract. A wrapper,
   * made from another object of its port, has only that object's promises to pass on.
   */
  static ArchRule everyAdapterRunsItsContract(JavaClasses tests) {
    return classes()
        .that(describe("are adapters of a port", adapter -> !contracts(adapter).isEmpty()))
        .should(
            new ArchCondition<JavaClass>("have a test that runs the port's contract") {
              @Override
              public void check(JavaClass adapter, ConditionEvents events) {
                for (String contract : contracts(adapter)) {
                  boolean proven = tests.stream().anyMatch(test -> proves(test, adapter, contract));
                  events.add(
                      new SimpleConditionEvent(
                          adapter,
                          proven,
                          "no %sTest implements %s".formatted(adapter.getSimpleName(), contract)));
                }
              }
            })
        .because("a port's promises are tested once, and every adapter runs the same tests");
  }

  private static List<String> contracts(JavaClass candidate) {
    if (candidate.isInterface() || candidate.getModifiers().contains(JavaModifier.ABSTRACT)) {
      return List.of();
    }
    return CONTRACTS.entrySet().stream()
        .filter(port -> candidate.isAssignableTo(port.getKey()))
        .filter(port -> !wraps(candidate, port.getKey()))
        .map(Map.Entry::getValue)
        .toList();
  }

  private static boolean wraps(JavaClass candidate, String port) {
    return candidate.getConstructors().stream()
        .flatMap(constructor -> constructor.getRawParameterTypes().stream())
        .anyMatch(parameter -> parameter.isAssignableTo(port));
  }

  private static boolean proves(JavaClass test, JavaClass adapter, String contract) {
    String name = test.getName().substring(test.getPackageName().length() + 1);
    return (name + "$").startsWith(adapter.getSimpleName() + "Test$")
        && test.getAllRawInterfaces().stream()
            .anyMatch(each -> each.getSimpleName().equals(contract));
  }
}
