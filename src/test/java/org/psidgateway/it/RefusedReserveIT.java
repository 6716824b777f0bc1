package org.psidgateway.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.psidgateway.it.World.PAGE;

import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.psidgateway.testing.Gateway;
import org.psidgateway.testing.Pod;

/** A reserve that PostgreSQL refuses for a reason of its own, such as a renamed table. */
class RefusedReserveIT {
  private static final String REFUSED = "PostgreSQL refuses to reserve calls: nothing is converted";

  @Test
  void reserveThatIsRefused_saysSoOnce_triesEverMoreRarely_andGoesOnOnceItIsTaken()
      throws SQLException {
    try (World world = new World();
        Pod pod = world.pod().start()) {
      Gateway gateway = new Gateway(pod);
      gateway.resolve(PAGE, 5, 1);
      world.database.sql().execute("alter table claim rename to misplaced");

      assertThat(gateway.resolve(PAGE, 1, 1, 2).unresolved())
          .containsExactly(Map.entry("2", "pending/upstream_unavailable"));
      Awaitility.await()
          .atMost(Duration.ofSeconds(10))
          .until(() -> occurrences(pod.log(), REFUSED) > 0);
      Awaitility.await()
          .during(Duration.ofSeconds(4))
          .atMost(Duration.ofSeconds(6))
          .until(() -> occurrences(pod.log(), REFUSED) == 1);
      assertThat(gateway.metrics()).contains("gateway_postgres_reachable 1.0");

      world.database.sql().execute("alter table misplaced rename to claim");

      Awaitility.await()
          .atMost(Duration.ofSeconds(20))
          .until(() -> gateway.resolve(PAGE, 1, 2).mappings().containsKey(2L));
      world.assertAudit(gateway);
    }
  }

  private static int occurrences(String log, String line) {
    return log.split(Pattern.quote(line), -1).length - 1;
  }
}
