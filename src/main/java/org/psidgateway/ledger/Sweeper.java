package org.psidgateway.ledger;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.logging.Log;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;
import org.psidgateway.ledger.Ledger.Window;

/**
 * Every few seconds, on every pod: gives up calls that have expired (see {@link Sweep}), and shows
 * the ledger as it stands. After an outage nothing is given up for a lease's time, so that owners
 * can bring the answers in their memory first.
 */
@ApplicationScoped
class Sweeper {
  private final Ledger ledger;
  private final LedgerMeters meters;
  private final InstantSource clock;
  private volatile boolean failing;
  private Instant notBefore = Instant.EPOCH;
  private @Nullable LocalDate warned;

  Sweeper(Ledger ledger, QuotaConfig quota, MeterRegistry registry, InstantSource clock) {
    this.ledger = ledger;
    this.meters = new LedgerMeters(registry, quota, ledger::sweeps);
    this.clock = clock;
  }

  @Scheduled(every = "2.5s", concurrentExecution = ConcurrentExecution.SKIP)
  void sweep() {
    try {
      Window window = show();
      warnOfTheEnd(window);
      if (failing) {
        notBefore = clock.instant().plus(Lease.TERM);
        failing = false;
      }
      if (!clock.instant().isBefore(notBefore)) {
        meters.swept(ledger.sweep());
      }
    } catch (SQLException e) {
      if (!failing) { // once an outage, not once a sweep
        Log.warnf("Expired calls can't be swept while PostgreSQL is away (%s)", e.getSQLState());
      }
      failing = true;
      meters.unreachable();
    }
  }

  void stop(@Observes ShutdownEvent event) {
    if (failing) {
      return; // the lease runs out by itself
    }
    try {
      ledger.stopSweeping();
    } catch (SQLException e) {
      Log.debug("The sweeper's lease runs out by itself", e);
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
      Log.warnf(
          "The upstream closes in %d days, at %s: what is not converted by then never will be",
          window.daysRemaining(), window.closesAt());
    }
  }
}
