package org.psidgateway.chaos;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.psidgateway.testing.Foreign;
import org.psidgateway.testing.PostgresBinaries;
import org.psidgateway.testing.Program;

/**
 * What of {@link ChaosIT} depends on PostgreSQL, on the distribution's, which compiles every
 * statement. All of the suite runs on it with {@code -Dchaos.postgres=foreign}.
 */
@Foreign(Program.POSTGRES)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ChaosForeignIT {
  private Servers servers;
  private Stage stage;

  @BeforeAll
  void start() {
    servers = new Servers(PostgresBinaries.FOREIGN);
    Arena arena = new Arena(servers.services(), Plan.usual());
    stage = new Stage(arena, new Table(Path.of("target/chaos/short-foreign.md")));
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
  void replyToCommitLost() {
    stage.play(PostgresScenarios.commitReplyLost(Failpoint.AFTER_RESERVE));
    stage.play(PostgresScenarios.commitReplyLost(Failpoint.AFTER_SETTLE));
  }
}
