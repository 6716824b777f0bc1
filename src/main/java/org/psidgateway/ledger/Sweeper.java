package org.psidgateway.ledger;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.logging.Log;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.SQLException;

/** Sweeps every few seconds, on every pod (see {@link Sweep}), and shows the quota as it stands. */
@ApplicationScoped
class Sweeper {
  private final Ledger ledger;
  private final QuotaMeters meters;
  private boolean failing;

  Sweeper(Ledger ledger, MeterRegistry registry) {
    this.ledger = ledger;
    this.meters = new QuotaMeters(registry);
  }

  @Scheduled(every = "5s", concurrentExecution = ConcurrentExecution.SKIP)
  void sweep() {
    try {
      ledger.sweep();
      meters.show(ledger.quota());
      failing = false;
    } catch (SQLException e) {
      if (!failing) { // once an outage, not once a sweep
        Log.warnf("Expired calls can't be swept while PostgreSQL is away (%s)", e.getSQLState());
      }
      failing = true;
    }
  }
}
