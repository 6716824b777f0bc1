package org.psidgateway.transfer;

import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jboss.logging.Logger;
import org.psidgateway.db.Outage;
import org.psidgateway.db.RoundTrip;
import org.psidgateway.db.Transactions;

/** Drops the staging tables of pods that died, each pod for all of them. */
@Singleton
class StagingSweep {
  private static final String ABANDONED =
      "select name from staging where until < ledger_now() order by until limit 1 for update skip locked";

  private static final Logger LOG = Logger.getLogger(StagingSweep.class);

  private final Transactions transactions;

  StagingSweep(Transactions transactions) {
    this.transactions = transactions;
  }

  @Scheduled(every = "60s", concurrentExecution = ConcurrentExecution.SKIP)
  void sweep() {
    try {
      while (transactions.run(StagingSweep::one)) {
        LOG.info("The staging table of an import that was cut short is dropped");
      }
    } catch (SQLException e) {
      LOG.debugf("Staging tables are looked at again in a minute (%s)", Outage.describe(e));
    }
  }

  private static boolean one(Connection connection) throws SQLException {
    List<String> names = new ArrayList<>(1);
    RoundTrip.opening()
        .query(
            ABANDONED,
            row -> {
              while (row.next()) {
                names.add(row.getString(1));
              }
            })
        .run(connection);
    for (String name : names) {
      Staging.dropping(RoundTrip.further(), name).run(connection);
    }
    return !names.isEmpty();
  }
}
