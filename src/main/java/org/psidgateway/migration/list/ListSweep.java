package org.psidgateway.migration.list;

import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import jakarta.inject.Singleton;
import java.sql.SQLException;
import org.jboss.logging.Logger;
import org.psidgateway.db.Outage;

/**
 * Keeps the lists that this pod is filling, and drops those of pods that died, each pod for all.
 */
@Singleton
class ListSweep {
  private static final Logger LOG = Logger.getLogger(ListSweep.class);

  private final Lists lists;

  ListSweep(Lists lists) {
    this.lists = lists;
  }

  @Scheduled(every = "10s", concurrentExecution = ConcurrentExecution.SKIP)
  void renew() {
    try {
      lists.renew();
    } catch (SQLException e) {
      LOG.debugf("Lists on their way in are renewed in 10 s (%s)", Outage.describe(e));
    }
  }

  @Scheduled(every = "60s", concurrentExecution = ConcurrentExecution.SKIP)
  void sweep() {
    try {
      while (lists.dropAbandoned()) {
        LOG.info("A list whose upload was cut short is dropped");
      }
    } catch (SQLException e) {
      LOG.debugf("Abandoned lists are looked at again in a minute (%s)", Outage.describe(e));
    }
  }
}
