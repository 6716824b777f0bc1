package org.psidgateway.ops;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import org.jboss.logging.Logger;

/**
 * Logs an outage twice, however many calls fail meanwhile: when it begins, with the reason, and
 * when it is over. Thread-safe; never blocks.
 */
public final class OutageLog {
  private final Logger log;
  private final String began;
  private final String ended;
  private final long quiet;
  private final LongSupplier nanoTime;
  private final AtomicBoolean away = new AtomicBoolean();
  private volatile long failedAt;

  /**
   * @param began the message at the beginning; the reason is added in parentheses
   * @param ended the message at the end
   */
  public OutageLog(Class<?> owner, String began, String ended) {
    this(owner, began, ended, Duration.ZERO);
  }

  /**
   * For concurrent calls, of which some may work while others fail.
   *
   * @param quiet for how long nothing has failed once the outage is over
   */
  public OutageLog(Class<?> owner, String began, String ended, Duration quiet) {
    this(owner, began, ended, quiet, System::nanoTime);
  }

  OutageLog(Class<?> owner, String began, String ended, Duration quiet, LongSupplier nanoTime) {
    this.log = Logger.getLogger(owner);
    this.began = began;
    this.ended = ended;
    this.quiet = quiet.toNanos();
    this.nanoTime = nanoTime;
  }

  /** Something failed. Only the first failure since the end of the previous outage is logged. */
  public void failed(String reason) {
    failedAt = nanoTime.getAsLong();
    if (away.compareAndSet(false, true)) {
      log.warnf("%s (%s)", began, reason);
    }
  }

  /** Something worked. */
  public void recovered() {
    if (away.get() && nanoTime.getAsLong() - failedAt >= quiet && away.compareAndSet(true, false)) {
      log.info(ended);
    }
  }

  /** Whether there is an outage now. */
  public boolean isAway() {
    return away.get();
  }
}
