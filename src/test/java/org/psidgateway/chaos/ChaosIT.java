package org.psidgateway.chaos;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.psidgateway.testing.PostgresBinaries;

/** The short form of {@link ChaosSuite}: a minute, in every build. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ChaosIT {
  private Servers servers;
  private Stage stage;

  @BeforeAll
  void start() {
    servers = new Servers(PostgresBinaries.EMBEDDED);
    Arena arena = new Arena(servers.services(), Plan.usual());
    stage = new Stage(arena, new Table(Path.of("target/chaos/short.md")));
  }

  @AfterAll
  void stop() {
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
