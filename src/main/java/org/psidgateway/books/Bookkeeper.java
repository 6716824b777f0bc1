package org.psidgateway.books;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.psidgateway.db.Outage;
import org.psidgateway.limits.Limits;
import org.psidgateway.model.Tariff;
import org.psidgateway.ops.OutageLog;

/** Every few seconds, on every pod: has the meters show the books as they stand. */
@Singleton
class Bookkeeper {
  private static final Logger LOG = Logger.getLogger(Bookkeeper.class);

  private final Books books;
  private final BooksMeters meters;
  private final LimitsLog log;
  private final Tariff tariff;
  private final InstantSource clock;
  private final OutageLog refused =
      new OutageLog(
          Bookkeeper.class,
          "The ledger's figures cannot be read",
          "The ledger's figures can be read again");
  private @Nullable LocalDate warned;

  Bookkeeper(
      Books books, Limits limits, Tariff tariff, MeterRegistry registry, InstantSource clock) {
    this.books = books;
    this.meters = new BooksMeters(registry, limits.quota());
    this.log = new LimitsLog(limits.quota());
    this.tariff = tariff;
    this.clock = clock;
  }

  /** The start has said that the window is sealed: that is not said once more. */
  void sealedAtStart() {
    log.sealedAtStart();
  }

  @Scheduled(every = "2.5s", concurrentExecution = ConcurrentExecution.SKIP)
  void look() {
    try {
      QuotaReport quota = books.quota();
      WindowReport window = books.window();
      BooksMeters.Look look =
          new BooksMeters.Look(clock.instant(), quota, window, books.limits(), books.paceUsed());
      meters.show(look);
      if (!tariff.isSealed()) { // in an archive, that nothing is converted is no news
        log.show(look);
      }
      refused.recovered();
      warnOfTheEnd(window);
    } catch (SQLException e) {
      if (Outage.is(e)) {
        meters.unreachable(); // the log says so for the whole pod
      } else {
        refused.failed(Outage.describe(e));
      }
    }
  }

  private void warnOfTheEnd(WindowReport window) {
    LocalDate today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
    if (window.state() == WindowReport.State.CLOSING && !today.equals(warned)) {
      warned = today;
      LOG.warnf(
          "The upstream closes in %d days, at %s: what is not converted by then never will be",
          window.daysRemaining(), window.closesAt());
    }
  }
}
