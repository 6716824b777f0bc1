package org.psidgateway.ledger;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.sql.SQLException;
import org.jboss.logging.Logger;
import org.psidgateway.db.Outage;
import org.psidgateway.db.lease.Lease;
import org.psidgateway.ops.OutageLog;
import org.psidgateway.time.Ticker;

/**
 * Every few seconds, on every pod: settles again what PostgreSQL may have forgotten, and gives up
 * calls that have expired (see {@link Sweep}). After an outage nothing is given up for a lease's
 * term, so that owners can bring the answers in their memory first.
 */
@Singleton
class Sweeper {
  private static final Logger LOG = Logger.getLogger(Sweeper.class);

  private final Sweep sweep;
  private final Resettlement resettlement;
  private final SweepMeters meters;
  private final OutageLog refused =
      new OutageLog(
          Sweeper.class,
          "PostgreSQL refuses to end expired calls: their ids stay pending",
          "Expired calls are ended again");
  private final Ticker ticker; // elapsed time: a clock may be set back
  private volatile boolean away;
  private long notBefore;

  Sweeper(Sweep sweep, Resettlement resettlement, MeterRegistry registry, Ticker ticker) {
    this.sweep = sweep;
    this.resettlement = resettlement;
    this.meters = new SweepMeters(registry, sweep::mine);
    this.ticker = ticker;
    this.notBefore = ticker.nanos();
  }

  @Scheduled(every = "2.5s", concurrentExecution = ConcurrentExecution.SKIP)
  void sweep() {
    try {
      int again = resettlement.run();
      if (again > 0) {
        LOG.warnf(
            "PostgreSQL restarted or failed over: settled the last %d calls once more", again);
      }
      if (away) {
        notBefore = ticker.nanos() + Lease.TERM.toNanos();
        away = false;
      }
      if (ticker.nanos() - notBefore >= 0) {
        swept(sweep.run());
      }
      refused.recovered();
    } catch (SQLException e) {
      away = true;
      if (!Outage.is(e)) {
        refused.failed(Outage.describe(e));
      }
    }
  }

  private void swept(int calls) {
    meters.swept(calls);
    if (calls > 0) {
      LOG.warnf(
          "%d upstream calls were not settled in time, by this pod or another one: what they may have"
              + " cost is uncertain",
          calls);
    }
  }

  void stop(@Observes ShutdownEvent event) {
    if (away) {
      return; // the lease will expire
    }
    try {
      sweep.giveUp();
    } catch (SQLException e) {
      LOG.debugf("Could not release the sweeper's lease; it will expire (%s)", Outage.describe(e));
    }
  }
}
