package org.psidgateway.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.psidgateway.it.World.PAGE;

import java.lang.System.Logger.Level;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.psidgateway.testing.Foreign;
import org.psidgateway.testing.ForeignPostgres;
import org.psidgateway.testing.Gateway;
import org.psidgateway.testing.Pod;
import org.psidgateway.testing.Program;

/**
 * What a newcomer has: the package, and a database that was just created on the distribution's
 * PostgreSQL.
 */
@Foreign(Program.POSTGRES)
class FirstConversionForeignIT {
  private static final Duration SOON = Duration.ofSeconds(10);

  @Test
  void firstId_isConverted_withinSeconds_onANewDatabase() {
    try (World world = new World(ForeignPostgres.emptyDatabase());
        Pod pod =
            world
                .pod()
                .with("gateway.pace.calls", "200")
                .with("gateway.pace.per", "PT1H")
                .start()) {
      long ready = System.nanoTime();

      var answer = new Gateway(pod).resolve(PAGE, (int) SOON.toSeconds(), 77);

      Duration took = Duration.ofNanos(System.nanoTime() - ready);
      System.getLogger("figures").log(Level.INFO, "first conversion on a new database: " + took);
      assertThat(answer.mappings()).as(answer.text()).containsOnlyKeys(77L);
      assertThat(took).isLessThan(SOON);
    }
  }
}
