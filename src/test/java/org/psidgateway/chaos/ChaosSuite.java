package org.psidgateway.chaos;

import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestMethodOrder;
import org.psidgateway.testing.PostgresBinaries;

/**
 * Every scenario; {@code -Dchaos.only=text} plays those whose name contains it, {@code
 * -Dchaos.postgres=foreign} plays on the distribution's PostgreSQL, and {@code
 * -Dchaos.upstream=id-matching} before the other upstream.
 */
@TestMethodOrder(MethodOrderer.MethodName.class)
class ChaosSuite {
  private static final String ONLY = System.getProperty("chaos.only", "");
  private static final PostgresBinaries BINARIES =
      PostgresBinaries.valueOf(
          System.getProperty("chaos.postgres", "embedded").toUpperCase(Locale.ROOT));
  private static final Plan USUAL =
      System.getProperty("chaos.upstream", "pages-id-mapping").equals("id-matching")
          ? Plan.matching()
          : Plan.usual();
  private static final Table TABLE = new Table(Path.of("target/chaos/table.md"));
  private static Servers servers;

  @BeforeAll
  static void start() {
    servers = new Servers(BINARIES);
  }

  @AfterAll
  static void stop() {
    servers.close();
    System.getLogger("chaos").log(Level.INFO, "\n" + TABLE);
  }

  @TestFactory
  Stream<DynamicTest> pods() {
    return play(USUAL, PodScenarios.all());
  }

  @TestFactory
  Stream<DynamicTest> postgres() {
    return play(USUAL, PostgresScenarios.all());
  }

  @TestFactory
  Stream<DynamicTest> upstream() {
    return play(USUAL, UpstreamScenarios.all());
  }

  @TestFactory
  Stream<DynamicTest> matching() {
    return USUAL.isMatching() ? play(USUAL, MatchingScenarios.all()) : Stream.empty();
  }

  @TestFactory
  Stream<DynamicTest> redis() {
    return play(USUAL.with("gateway.cache.l1.max-entries", "16"), RedisScenarios.all());
  }

  @TestFactory
  Stream<DynamicTest> fleet() {
    return play(
        USUAL, List.of(FleetScenarios.rollingUpdate(), FleetScenarios.backgroundFillsItsBatches()));
  }

  @TestFactory
  Stream<DynamicTest> clocks() {
    return play(
        USUAL.withJars(
            List.of(SkewedPackage.by(Duration.ofMinutes(5)), SkewedPackage.by(Duration.ZERO))),
        List.of(FleetScenarios.clocksApart()));
  }

  @TestFactory
  Stream<DynamicTest> quota() {
    return USUAL.isMatching()
        ? Stream.empty() // it has none
        : play(USUAL.with("gateway.quota.ceiling", "700"), List.of(FleetScenarios.quotaRunsOut()));
  }

  /** What a seed found before becomes a scenario with a name; this looks for what is left. */
  @TestFactory
  Stream<DynamicTest> random() {
    long seed = Long.getLong("chaos.seed", System.nanoTime() & 0xFFFF);
    Duration time = Duration.ofSeconds(Integer.getInteger("chaos.seconds", 100));
    int pods = Integer.getInteger("chaos.pods", 2);
    return play(USUAL.withPods(pods), List.of(RandomFaults.of(seed, time)));
  }

  @TestFactory
  Stream<DynamicTest> pace() {
    return play(PaceUse.plan(USUAL), List.of(PaceUse.measured(TABLE)));
  }

  /** One after the other in one arena, which closes with the stream. */
  private static Stream<DynamicTest> play(Plan plan, List<Scenario> scenarios) {
    List<Scenario> chosen = scenarios.stream().filter(s -> s.name().contains(ONLY)).toList();
    if (chosen.isEmpty()) {
      return Stream.empty();
    }
    Stage stage = new Stage(new Arena(servers.services(), plan), TABLE);
    return chosen.stream()
        .map(scenario -> DynamicTest.dynamicTest(scenario.name(), () -> stage.play(scenario)))
        .onClose(stage::close);
  }
}
