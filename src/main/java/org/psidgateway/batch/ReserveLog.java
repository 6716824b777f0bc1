package org.psidgateway.batch;

import java.util.concurrent.atomic.AtomicBoolean;
import org.jboss.logging.Logger;
import org.psidgateway.db.Outage;
import org.psidgateway.ops.OutageLog;

/** Logs once that reserves fail, and once that they succeed again. Thread-safe. */
final class ReserveLog {
  private static final Logger LOG = Logger.getLogger(ReserveLog.class);

  private final AtomicBoolean refused = new AtomicBoolean();
  private final OutageLog outage =
      new OutageLog(
          ReserveLog.class,
          "PostgreSQL is unavailable: nothing is converted",
          "PostgreSQL is available again: conversions resume");

  void succeeded() {
    outage.recovered();
    refused.set(false);
  }

  /** PostgreSQL could not be reached. */
  void unavailable(Throwable failure) {
    outage.failed(Outage.describe(failure));
  }

  /** PostgreSQL refused the statement for a reason of its own. */
  void refused(Throwable failure) {
    if (refused.compareAndSet(false, true)) {
      LOG.errorf(
          "PostgreSQL refuses to reserve a call (%s): nothing is converted; retrying at least every"
              + " %d s",
          Outage.describe(failure), Pauses.LONGEST.toSeconds());
    }
  }
}
