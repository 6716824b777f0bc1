package org.psidgateway.ledger;

import io.quarkus.logging.Log;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.SQLException;

/** Sweeps every few seconds, on every pod: see {@link Sweep}. */
@ApplicationScoped
class Sweeper {
  private final Ledger ledger;
  private boolean failing;

  Sweeper(Ledger ledger) {
    this.ledger = ledger;
  }

  @Scheduled(every = "5s", concurrentExecution = ConcurrentExecution.SKIP)
  void sweep() {
    try {
      ledger.sweep();
      failing = false;
    } catch (SQLException e) {
      if (!failing) { // once an outage, not once a sweep
        Log.warnf("Expired calls can't be swept while PostgreSQL is away (%s)", e.getSQLState());
      }
      failing = true;
    }
  }
}
