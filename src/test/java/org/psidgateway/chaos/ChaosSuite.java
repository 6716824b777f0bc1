package org.psidgateway.chaos;

import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Every scenario; {@code -Dchaos.only=text} plays those whose name contains it. */
class ChaosSuite {
  private static final String ONLY = System.getProperty("chaos.only", "");
  private static final Table TABLE = new Table(Path.of("target/chaos/table.md"));
  private static ChaosPostgres postgres;
  private static ChaosRedis redis;

  @BeforeAll
  static void start() {
    postgres = new ChaosPostgres();
    redis = new ChaosRedis();
  }

  @AfterAll
  static void stop() {
    redis.close();
    postgres.close();
    System.getLogger("chaos").log(Level.INFO, "\n" + TABLE);
  }

  @TestFactory
  Stream<DynamicTest> pods() {
    return play(Plan.usual(), PodScenarios.all());
  }

  @TestFactory
  Stream<DynamicTest> postgres() {
    return play(Plan.usual(), PostgresScenarios.all());
  }

  @TestFactory
  Stream<DynamicTest> upstream() {
    return play(Plan.usual(), UpstreamScenarios.all());
  }

  @TestFactory
  Stream<DynamicTest> redis() {
    return play(Plan.usual().with("gateway.cache.l1.max-entries", "16"), RedisScenarios.all());
  }

  /** One after the other in one arena, which closes with the stream. */
  private static Stream<DynamicTest> play(Plan plan, List<Scenario> scenarios) {
    List<Scenario> chosen = scenarios.stream().filter(s -> s.name().contains(ONLY)).toList();
    if (chosen.isEmpty()) {
      return Stream.empty();
    }
    Stage stage = new Stage(new Arena(Services.of(postgres, redis), plan), TABLE);
    return chosen.stream()
        .map(scenario -> DynamicTest.dynamicTest(scenario.name(), () -> stage.play(scenario)))
        .onClose(stage::close);
  }
}
