package org.psidgateway.invalidation;

import io.quarkus.arc.All;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.Semaphore;
import org.psidgateway.db.Outage;
import org.psidgateway.deployment.Deployment;
import org.psidgateway.ops.OutageLog;

/**
 * Looks for changes every 5 seconds, and at once on a change notice. However many notices come, one
 * look is under way at a time, and one more follows if any came meanwhile. Thread-safe.
 */
@Singleton
class ChangePoller {
  private final OutageLog refused =
      new OutageLog(
          ChangePoller.class,
          "Changes by other pods cannot be read; serving cached data meanwhile",
          "Changes by other pods are read again");
  private final Deployment deployment;
  private final ChangeReader reader;
  private final InvalidationMeters meters;
  private final Semaphore one = new Semaphore(1);
  private volatile boolean wanted;

  @Inject
  ChangePoller(
      Deployment deployment,
      InvalidationTable table,
      @All List<ChangeListener> listeners,
      InvalidationMeters meters) {
    this(deployment, new ChangeReader(table, listeners, meters), meters);
  }

  ChangePoller(Deployment deployment, ChangeReader reader, InvalidationMeters meters) {
    this.deployment = deployment;
    this.reader = reader;
    this.meters = meters;
  }

  /**
   * Looks now, or leaves it to the thread that is looking. Blocks for as long as that takes, and
   * never fails: while PostgreSQL is away all copies stay as they are, and the outage is logged
   * once.
   */
  @Scheduled(every = "5s", concurrentExecution = ConcurrentExecution.SKIP)
  void look() {
    wanted = true;
    while (wanted && one.tryAcquire()) { // checked again after the release: no request is lost
      try {
        wanted = false;
        read();
      } finally {
        one.release();
      }
    }
  }

  private void read() {
    try {
      if (deployment.refresh()) {
        reader.startAnew();
      }
      reader.read();
      meters.read();
      refused.recovered();
    } catch (SQLException | RuntimeException e) {
      if (!Outage.is(e)) {
        refused.failed(Outage.describe(e));
      }
    }
  }
}
