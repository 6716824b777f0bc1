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
  private final Table table;
  private Servers servers;
  Stage stage;

  /**
   * @param table where the results go, in {@code target/chaos}
   */
  ShortChaos(PostgresBinaries binaries, String table) {
    this.binaries = binaries;
    this.table = new Table(Path.of("target/chaos", table));
  }

  @BeforeAll
  void start() {
    servers = new Servers(binaries);
    stage = stage(Plan.usual());
  }

  /** One more, to be closed. */
  Stage stage(Plan plan) {
    return new Stage(new Arena(servers.services(), plan), table);
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
