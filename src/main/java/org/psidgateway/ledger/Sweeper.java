package org.psidgateway.ledger;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.function.LongSupplier;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.psidgateway.db.Outage;
import org.psidgateway.ledger.Ledger.Window;
import org.psidgateway.ops.OutageLog;

/**
 * Every few seconds, on every pod: gives up calls that have expired (see {@link Sweep}), and shows
 * the ledger as it stands. After an outage nothing is given up for a lease's time, so that owners
 * can bring the answers in their memory first.
 */
@ApplicationScoped
class Sweeper {
  private static final Logger LOG = Logger.getLogger(Sweeper.class);
  private final Ledger ledger;
  private final LedgerMeters meters;
  private final InstantSource clock;
  private final OutageLog outage =
      new OutageLog(
          Sweeper.class, "Expired calls cannot be swept", "Expired calls are swept again");
  private final LongSupplier nanoTime; // elapsed time: a clock may be set back
  private long notBefore;
  private @Nullable LocalDate warned;

  @Inject
  Sweeper(Ledger ledger, QuotaConfig quota, MeterRegistry registry, InstantSource clock) {
    this(ledger, quota, registry, clock, System::nanoTime);
  }

  Sweeper(
      Ledger ledger,
      QuotaConfig quota,
      MeterRegistry registry,
      InstantSource clock,
      LongSupplier nanoTime) {
    this.ledger = ledger;
    this.nanoTime = nanoTime;
    this.notBefore = nanoTime.getAsLong();
    this.meters = new LedgerMeters(registry, quota, ledger::sweeps);
    this.clock = clock;
  }

  @Scheduled(every = "2.5s", concurrentExecution = ConcurrentExecution.SKIP)
  void sweep() {
    try {
      int again = ledger.settleAgain();
      if (again > 0) {
        LOG.warnf(
            "PostgreSQL restarted or failed over: settled the last %d calls once more", again);
      }
      Window window = show();
      warnOfTheEnd(window);
      if (outage.isAway()) {
        notBefore = nanoTime.getAsLong() + Lease.TERM.toNanos();
      }
      outage.recovered();
      if (nanoTime.getAsLong() - notBefore >= 0) {
        meters.swept(ledger.sweep());
      }
    } catch (SQLException e) {
      outage.failed(Outage.describe(e));
      if (Outage.is(e)) {
        meters.unreachable();
      }
    }
  }

  void stop(@Observes ShutdownEvent event) {
    if (outage.isAway()) {
      return; // the lease runs out by itself
    }
    try {
      ledger.stopSweeping();
    } catch (SQLException e) {
      LOG.debugf("The sweeper's lease runs out by itself (%s)", Outage.describe(e));
    }
  }

  private Window show() throws SQLException {
    Ledger.Quota quota = ledger.quota();
    Window window = ledger.window();
    meters.show(
        new LedgerMeters.Look(clock.instant(), quota, window, ledger.limits(), ledger.paceUsed()));
    return window;
  }

  private void warnOfTheEnd(Window window) {
    LocalDate today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
    if (window.state() == Window.State.CLOSING && !today.equals(warned)) {
      warned = today;
      LOG.warnf(
          "The upstream closes in %d days, at %s: what is not converted by then never will be",
          window.daysRemaining(), window.closesAt());
    }
  }
}
