package org.psidgateway.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.psidgateway.it.World.PAGE;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.psidgateway.testing.Foreign;
import org.psidgateway.testing.ForeignPostgres;
import org.psidgateway.testing.Gateway;
import org.psidgateway.testing.Gateway.Answer;
import org.psidgateway.testing.PgBouncer;
import org.psidgateway.testing.Pod;
import org.psidgateway.testing.Program;

/** A pooler that keeps from the server what a connection asks for, and lends another each time. */
@Foreign({Program.POSTGRES, Program.PGBOUNCER})
class PgBouncerForeignIT {

  @Test
  void twoPods_convert_andKeepThePace_behindAPooler_whenEveryStatementIsCompiled() {
    try (World world = new World(ForeignPostgres.freshDatabase(ForeignPostgres.EAGER_JIT));
        PgBouncer pooler = new PgBouncer(world.database);
        Pod one = pod(world, pooler).start();
        Pod two = pod(world, pooler).start()) {
      List<CompletableFuture<Answer>> callers =
          IntStream.range(0, 100)
              .mapToObj(
                  caller ->
                      new Gateway(caller % 2 == 0 ? one : two)
                          .resolveAsync(PAGE, 30, Gateway.ids(1_000 + caller * 20L, 40)))
              .toList();

      for (CompletableFuture<Answer> caller : callers) {
        assertThat(caller.join().mappings()).as(caller.join().text()).hasSize(40);
      }

      assertThat(world.witness().maxTimesConverted()).isEqualTo(1);
      world.assertPaceKept(20, Duration.ofSeconds(2));
      world.assertAudit(new Gateway(one));
    }
  }

  private static Pod.Settings pod(World world, PgBouncer pooler) {
    return world
        .pod()
        .withDatabase(pooler.database().jdbcUrl())
        .with("gateway.upstream.batch-size", "40")
        .with("gateway.pace.calls", "20")
        .with("gateway.pace.per", "PT2S");
  }
}
