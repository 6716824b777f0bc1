package org.psidgateway.batch;

import org.psidgateway.db.Outage;
import org.psidgateway.ops.OutageLog;

/**
 * Logs once that PostgreSQL refuses to reserve for a reason of its own, and once that it does so no
 * longer. That PostgreSQL is away is logged for the whole pod. Thread-safe.
 */
final class ReserveLog {
  private final OutageLog refused =
      new OutageLog(
          ReserveLog.class,
          "PostgreSQL refuses to reserve calls: nothing is converted; retrying at least every "
              + Pauses.LONGEST.toSeconds()
              + " s",
          "PostgreSQL reserves calls again");

  void succeeded() {
    refused.recovered();
  }

  void refused(Throwable failure) {
    refused.failed(Outage.describe(failure));
  }
}
