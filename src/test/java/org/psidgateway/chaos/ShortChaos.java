package org.psidgateway.chaos;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.psidgateway.testing.PostgresBinaries;

/** Some scenarios of {@link ChaosSuite} on one stage: what depends on PostgreSQL. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class ShortChaos {
  private final PostgresBinaries binaries;
  private final String table;
  private Servers servers;
  Stage stage;

  /**
   * @param table where the results go, in {@code target/chaos}
   */
  ShortChaos(PostgresBinaries binaries, String table) {
    this.binaries = binaries;
    this.table = table;
  }

  @BeforeAll
  void start() {
    servers = new Servers(binaries);
    Arena arena = new Arena(servers.services(), Plan.usual());
    stage = new Stage(arena, new Table(Path.of("target/chaos", table)));
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
