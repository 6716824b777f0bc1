package org.psidgateway.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.psidgateway.it.World.PAGE;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.psidgateway.simulator.SimulatedGraph;
import org.psidgateway.testing.Gateway;
import org.psidgateway.testing.Gateway.Answer;
import org.psidgateway.testing.Pod;

/** A pod dies without a word. */
class CrashIT {

  @Test
  void killedBetweenAnswerAndSettlement_theCallStaysCounted_andTheIdsAreAskedOnceMore()
      throws SQLException {
    try (World world = new World()) {
      Pod.Settings settings =
          world
              .pod()
              .with("gateway.upstream.timeout", "PT1S")
              .with("gateway.uncertain.delay", "PT0.5S");
      Pod first = settings.start();
      Answer shown = new Gateway(first).resolve(PAGE, 10, 1, 2, 3);
      assertThat(shown.mappings()).hasSize(3);

      // A transaction that holds the budget row keeps everybody from settling.
      world.script().fault(SimulatedGraph.Fault.slow(500));
      try (Connection holder = world.database.dataSource().getConnection()) {
        new Gateway(first).resolve(PAGE, 0, 11, 12);
        Awaitility.await().until(() -> world.witness().calls().size() == 2);
        holder.setAutoCommit(false);
        holder.createStatement().execute("select 1 from budget for update");
        Awaitility.await().until(() -> world.database.sql().lockWaits() > 0);
        first.kill();
      }
      world.script().clearFaults();

      try (Pod second = settings.start()) {
        Gateway gateway = new Gateway(second);
        // D1: what was shown is there. Q1, Q3: what the dead call may have cost stays counted.
        assertThat(gateway.resolve(PAGE, 0, 1, 2, 3).mappings()).isEqualTo(shown.mappings());
        Answer pending = gateway.resolve(PAGE, 0, 11, 12);
        assertThat(pending.unresolved()).containsEntry("11", "pending/queued");
        world.assertAudit(gateway);

        Answer again = gateway.resolve(PAGE, 30, 11, 12);
        assertThat(again.mappings()).hasSize(2);
        World.assertTrue(PAGE, again.mappings());
        // Q2: at most once more for each uncertain call.
        assertThat(world.witness().timesConverted(PAGE, 11)).isEqualTo(2);
        assertThat(world.witness().timesConverted(PAGE, 1)).isEqualTo(1);
        Awaitility.await()
            .atMost(Duration.ofSeconds(20))
            .until(() -> gateway.get("/v1/quota").body().path("uncertain").asLong() == 2);
        assertThat(gateway.get("/v1/quota").body().path("committed").asLong()).isEqualTo(5);
        world.assertAudit(gateway);
      }
    }
  }
}
