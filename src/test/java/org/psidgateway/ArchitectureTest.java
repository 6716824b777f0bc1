package org.psidgateway;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.conditions.ArchConditions.haveNameMatching;
import static com.tngtech.archunit.lang.conditions.ArchPredicates.are;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toList;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget.ConstructorCallTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.properties.HasModifiers;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import io.smallrye.config.ConfigMapping;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Calendar;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;

/** The house rules that a machine can check. */
@AnalyzeClasses(
    packages = ArchitectureTest.ROOT,
    importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
  static final String ROOT = "org.psidgateway";

  private static final int MOST_LINES = 300;

  private static final Set<String> FUTURE_TIMERS =
      Set.of("orTimeout", "completeOnTimeout", "delayedExecutor");

  /** Which packages a package may use. A new package needs a line here. */
  private static final Map<String, Set<String>> MAY_USE =
      Map.ofEntries(
          Map.entry(
              "api",
              Set.of(
                  "resolve",
                  "transfer",
                  "migration",
                  "store",
                  "forecast",
                  "page",
                  "books",
                  "security",
                  "db",
                  "model",
                  "ops",
                  "time")),
          Map.entry("security", Set.of("model", "ops", "time")),
          Map.entry("resolve", Set.of("cache", "store", "batch", "trace", "model", "time")),
          Map.entry(
              "batch",
              Set.of(
                  "ledger",
                  "limits",
                  "upstream",
                  "cache",
                  "page",
                  "trace",
                  "db",
                  "model",
                  "ops",
                  "time")),
          Map.entry("ledger", Set.of("limits", "store", "db", "model", "ops", "time")),
          Map.entry("books", Set.of("limits", "db", "model", "ops", "time")),
          Map.entry("forecast", Set.of("limits", "upstream", "db", "model", "time")),
          Map.entry("limits", Set.of("db", "model", "ops", "time")),
          Map.entry(
              "cache",
              Set.of("store", "invalidation", "deployment", "secrets", "model", "ops", "time")),
          Map.entry("invalidation", Set.of("deployment", "db", "model", "ops", "time")),
          Map.entry("deployment", Set.of("ops")),
          Map.entry("secrets", Set.of("ops")),
          Map.entry("store", Set.of("trace", "db", "model", "ops", "time")),
          Map.entry("upstream", Set.of("model", "ops", "time")),
          Map.entry("page", Set.of("invalidation", "secrets", "db", "model", "ops", "time")),
          Map.entry("start", Set.of("db", "ops", "time")),
          Map.entry("db", Set.of("ops", "time")),
          Map.entry("ops", Set.of("model", "time")),
          Map.entry("transfer", Set.of("store", "invalidation", "db", "model", "ops", "time")),
          Map.entry(
              "migration",
              Set.of(
                  "transfer",
                  "batch",
                  "ledger",
                  "limits",
                  "forecast",
                  "store",
                  "db",
                  "model",
                  "ops",
                  "time")),
          Map.entry("model", Set.of()),
          Map.entry("trace", Set.of()),
          Map.entry("time", Set.of()),
          Map.entry("simulator", Set.of()),
          Map.entry("local", Set.of()));

  @ArchTest
  static final ArchRule topLevelPackages_formNoCycles =
      slices().matching(ROOT + ".(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule packages_formNoCycles =
      slices().matching(ROOT + ".(**)").should().beFreeOfCycles();

  @ArchTest
  static void rooms_useOnlyThoseOfTheTable(JavaClasses main) {
    main.stream()
        .map(type -> topLevel(type.getPackageName()))
        .distinct()
        .forEach(
            name -> {
              assertThat(MAY_USE).as("packages").containsKey(name);
              List<String> allowed = new ArrayList<>(MAY_USE.get(name));
              allowed.add(name);
              noClasses()
                  .that(are(resideInAPackage(in(name))))
                  .should()
                  .dependOnClassesThat(
                      resideInAPackage(ROOT + "..")
                          .and(not(resideInAnyPackage(in(allowed.toArray(String[]::new)))))
                          .as("are in packages other than " + allowed))
                  .check(main);
            });
  }

  @ArchTest
  static final ArchRule model_knowsTheJdkAlone =
      classes()
          .that()
          .resideInAPackage(in("model"))
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage("java..", "javax.crypto..", "org.jspecify..", in("model"));

  @ArchTest
  static final ArchRule http_staysAtTheRim =
      only(resideInAPackage("jakarta.ws.rs.."), "api", "security");

  @ArchTest
  static final ArchRule redis_staysInCacheAndInvalidation =
      only(
          resideInAnyPackage("io.quarkus.redis..", "io.vertx.redis..", "io.vertx.mutiny.redis.."),
          "cache",
          "invalidation");

  @ArchTest
  static final ArchRule openTelemetry_staysInTrace =
      only(resideInAnyPackage("io.opentelemetry..", "io.quarkus.opentelemetry.."), "trace");

  @ArchTest
  static final ArchRule persistence_staysInPage =
      only(
          resideInAnyPackage("jakarta.persistence..", "org.hibernate..", "io.quarkus.hibernate.."),
          "page");

  /** So that there is one mechanism, in which repositories and plain statements take part alike. */
  @ArchTest
  static final ArchRule jta_staysInDb =
      only(resideInAnyPackage("io.quarkus.narayana..", "jakarta.transaction.."), "db");

  /** The exception may travel: code that decides what a failure means has to name it. */
  @ArchTest
  static final ArchRule sql_staysWhereTheTablesAre =
      only(
          resideInAPackage("java.sql..").and(not(JavaClass.Predicates.type(SQLException.class))),
          "db",
          "deployment",
          "store",
          "ledger",
          "books",
          "forecast",
          "limits",
          "page",
          "invalidation",
          "transfer",
          "migration",
          "start",
          "local");

  @ArchTest
  static final ArchRule injection_isByConstructor =
      fields()
          .should()
          .notBeAnnotatedWith(Inject.class)
          .andShould()
          .notBeAnnotatedWith(ConfigProperty.class);

  /** One that holds groups has to be public: the validator of configurations reflects on it. */
  @ArchTest
  static final ArchRule configuration_belongsToItsRoom =
      classes()
          .that()
          .areAnnotatedWith(ConfigMapping.class)
          .and(not(describe("hold groups", ArchitectureTest::holdsGroups)))
          .should()
          .bePackagePrivate();

  @ArchTest
  static final ArchRule configuration_isNamedSo =
      classes()
          .that()
          .areAnnotatedWith(ConfigMapping.class)
          .should()
          .haveSimpleNameEndingWith("Config");

  @ArchTest
  static void doors_areThreePerPackage(JavaClasses main) {
    Map<String, List<String>> doors =
        main.stream()
            .filter(ArchitectureTest::isReachable)
            .filter(ArchitectureTest::hasBehaviour)
            .filter(type -> !topLevel(type.getPackageName()).equals("model"))
            .filter(type -> !isConfiguration(type))
            .collect(
                groupingBy(JavaClass::getPackageName, mapping(JavaClass::getSimpleName, toList())));
    assertThat(doors).allSatisfy((name, types) -> assertThat(types).hasSizeLessThanOrEqualTo(3));
  }

  /** Public, and so is whatever it is nested in. */
  private static boolean isReachable(JavaClass type) {
    return isPublic(type)
        && type.getEnclosingClass().map(ArchitectureTest::isReachable).orElse(true);
  }

  private static boolean isPublic(HasModifiers of) {
    return of.getModifiers().contains(JavaModifier.PUBLIC);
  }

  private static boolean isConfiguration(JavaClass type) {
    return type.isAnnotatedWith(ConfigMapping.class)
        || type.getEnclosingClass().map(ArchitectureTest::isConfiguration).orElse(false);
  }

  /**
   * Values and callbacks are no doors: records, choices of them, constants, failures, listeners.
   */
  private static boolean hasBehaviour(JavaClass type) {
    return !type.isRecord()
        && !type.isEnum()
        && !type.isAssignableTo(Throwable.class)
        && !type.isAnnotation()
        && !isCallback(type)
        && type.getMethods().stream().anyMatch(ArchitectureTest::isPublic)
        && !isChoiceOfRecords(type);
  }

  /** One method to implement; defaults beside it don't make it more. */
  private static boolean isCallback(JavaClass type) {
    return type.isInterface()
        && type.getMethods().stream()
                .filter(method -> method.getModifiers().contains(JavaModifier.ABSTRACT))
                .count()
            == 1;
  }

  private static boolean isChoiceOfRecords(JavaClass type) {
    return type.reflect().isSealed()
        && type.getAllSubclasses().stream().allMatch(JavaClass::isRecord);
  }

  @ArchTest
  static final ArchRule systemClock_isReadInTime =
      noClasses()
          .that()
          .resideOutsideOfPackage(in("time"))
          .should()
          .accessTargetWhere(describe("the system clock is read", ArchitectureTest::readsClock));

  /**
   * Whatever takes time can be tested without waiting. Meters measure; the simulator is a separate
   * program.
   */
  @ArchTest
  static final ArchRule passingTime_isThatOfTheTicker =
      noClasses()
          .that()
          .resideOutsideOfPackages(in("time", "ops", "simulator"))
          .and()
          .haveSimpleNameNotEndingWith("Meters")
          .should()
          .accessTargetWhere(describe("time passes by itself", ArchitectureTest::seesTimePass));

  @ArchTest
  static void nobodySleeps_testsIncluded(JavaClasses main) {
    JavaClasses tests =
        new ClassFileImporter()
            .withImportOption(new ImportOption.OnlyIncludeTests())
            .importPackages(ROOT);
    ArchRule rule =
        noClasses()
            .should()
            .accessTargetWhere(describe("the thread sleeps", ArchitectureTest::isSleep));
    rule.check(main);
    rule.check(tests);
  }

  @Test
  void files_haveThreeHundredLinesAtMost() throws IOException {
    List<String> tooLong = new ArrayList<>();
    try (Stream<Path> files = Files.walk(Path.of("src", "main", "java"))) {
      for (Path file : files.filter(path -> path.toString().endsWith(".java")).toList()) {
        int lines = Files.readAllLines(file).size();
        if (lines > MOST_LINES) {
          tooLong.add(file + ": " + lines);
        }
      }
    }
    assertThat(tooLong).isEmpty();
  }

  @ArchTest
  static final ArchRule logging_isJBoss =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("java.util.logging..", "io.quarkus.logging..");

  @ArchTest
  static final ArchRule standardStreams_areLeftAlone = NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS;

  @ArchTest
  static final ArchRule names_sayWhatAThingIs =
      noClasses().should(haveNameMatching(".*(Impl|Utils?|Helper|Manager|DTO)"));

  private static ArchRule only(DescribedPredicate<JavaClass> used, String... packages) {
    return noClasses()
        .that()
        .resideOutsideOfPackages(in(packages))
        .should()
        .dependOnClassesThat(used);
  }

  private static boolean holdsGroups(JavaClass type) {
    return type.getMethods().stream()
        .flatMap(method -> method.getReturnType().getAllInvolvedRawTypes().stream())
        .anyMatch(involved -> involved.getEnclosingClass().filter(type::equals).isPresent());
  }

  private static boolean isSleep(JavaAccess<?> access) {
    JavaClass owner = access.getTargetOwner();
    return access.getName().equals("sleep")
        && (owner.isAssignableTo(Thread.class) || owner.isEquivalentTo(TimeUnit.class));
  }

  /** By a call or a method reference. */
  private static boolean readsClock(JavaAccess<?> access) {
    String owner = access.getTargetOwner().getName();
    String name = access.getName();
    boolean time = owner.startsWith("java.time.");
    return time && (name.equals("now") || name.startsWith("system") || name.startsWith("tick"))
        || name.equals("currentTimeMillis") && owner.equals(System.class.getName())
        || name.equals("getInstance") && owner.equals(Calendar.class.getName())
        || name.equals("<init>")
            && owner.equals(Date.class.getName())
            && access.getTarget() instanceof ConstructorCallTarget constructor
            && constructor.getRawParameterTypes().isEmpty();
  }

  /** By the clock, or by a timer of its own. */
  private static boolean seesTimePass(JavaAccess<?> access) {
    JavaClass type = access.getTargetOwner();
    String owner = type.getName();
    String name = access.getName();
    return owner.equals(System.class.getName()) && name.equals("nanoTime")
        || owner.startsWith("io.vertx.") && (name.equals("setTimer") || name.equals("setPeriodic"))
        || owner.startsWith("io.smallrye.mutiny.") && Set.of("delayIt", "ifNoItem").contains(name)
        || type.isAssignableTo(CompletableFuture.class) && FUTURE_TIMERS.contains(name)
        || type.isAssignableTo(ScheduledExecutorService.class) && name.startsWith("schedule")
        || owner.equals(LockSupport.class.getName()) && !name.equals("unpark");
  }

  private static String in(String name) {
    return ROOT + "." + name + "..";
  }

  private static String[] in(String... packages) {
    return Arrays.stream(packages).map(ArchitectureTest::in).toArray(String[]::new);
  }

  /** The first part of the package below the root; empty for the root itself. */
  private static String topLevel(String packageName) {
    return packageName.length() <= ROOT.length()
        ? ""
        : packageName.substring(ROOT.length() + 1).replaceFirst("\\..*", "");
  }
}
