package org.psidgateway.chaos;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The short form of {@link ChaosSuite}: a minute, in every build. */
class ChaosIT {
  private static Servers servers;
  private static Stage stage;

  @BeforeAll
  static void start() {
    servers = new Servers();
    Arena arena = new Arena(servers.services(), Plan.usual());
    stage = new Stage(arena, new Table(Path.of("target/chaos/short.md")));
  }

  @AfterAll
  static void stop() {
    stage.close();
    servers.close();
  }

  @Test
  void podKilledBetweenAnswerAndSettlement() {
    stage.play(PodScenarios.killed(Failpoint.BEFORE_SETTLE));
  }

  @Test
  void podFrozenWithAGrantInItsHand_sendsNothingWhenItWakes() {
    stage.play(PodScenarios.frozen(Failpoint.AFTER_RESERVE, 2));
  }

  @Test
  void replyToCommitLost() {
    stage.play(PostgresScenarios.commitReplyLost(Failpoint.AFTER_RESERVE));
    stage.play(PostgresScenarios.commitReplyLost(Failpoint.AFTER_SETTLE));
  }

  @Test
  void redisFlushed() {
    stage.play(RedisScenarios.flushed());
  }

  @Test
  void upstreamWithThirtyPercentFaults() {
    stage.play(UpstreamScenarios.thirtyPercentFaults());
  }
}
