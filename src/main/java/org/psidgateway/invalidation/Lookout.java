package org.psidgateway.invalidation;

import io.quarkus.arc.All;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.Semaphore;
import org.jboss.logging.Logger;
import org.psidgateway.deployment.Deployment;

/**
 * Looks for changes every 5 seconds and whenever somebody hints at one. However many hints there
 * are, one look is under way at a time, and one more follows if any came meanwhile. Thread-safe.
 */
@Singleton
class Lookout {
  private static final Logger LOG = Logger.getLogger(Lookout.class);

  private final Deployment deployment;
  private final Reader reader;
  private final InvalidationMetrics metrics;
  private final Semaphore one = new Semaphore(1);
  private volatile boolean wanted;
  private boolean failing; // guarded by the permit

  @Inject
  Lookout(
      Deployment deployment,
      InvalidationTable table,
      @All List<ChangeListener> listeners,
      InvalidationMetrics metrics) {
    this(deployment, new Reader(table, listeners, metrics), metrics);
  }

  Lookout(Deployment deployment, Reader reader, InvalidationMetrics metrics) {
    this.deployment = deployment;
    this.reader = reader;
    this.metrics = metrics;
  }

  /**
   * Looks now, or leaves it to the thread that is looking. Blocks for as long as that takes, and
   * never fails: while PostgreSQL is away all copies stay as they are, and the log is told once.
   */
  @Scheduled(every = "5s", concurrentExecution = ConcurrentExecution.SKIP)
  void look() {
    wanted = true;
    while (wanted && one.tryAcquire()) { // asks again after the release: a wish is never lost
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
      metrics.read();
      if (failing) {
        LOG.info("Changes that other pods made can be read again");
      }
      failing = false;
    } catch (SQLException | RuntimeException e) {
      if (!failing) {
        LOG.warn("Changes that other pods made cannot be read; what is known goes on serving", e);
      }
      failing = true;
    }
  }
}
