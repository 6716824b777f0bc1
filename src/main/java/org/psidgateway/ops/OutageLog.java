package org.psidgateway.ops;

import java.util.concurrent.atomic.AtomicBoolean;
import org.jboss.logging.Logger;

/**
 * Logs an outage twice, however many calls fail meanwhile: when it begins, with the reason, and
 * when it is over. Thread-safe; never blocks.
 */
public final class OutageLog {
  private final Logger log;
  private final String began;
  private final String ended;
  private final AtomicBoolean away = new AtomicBoolean();

  /**
   * @param began what to say at the beginning; the reason is added in brackets
   * @param ended what to say at the end
   */
  public OutageLog(Class<?> owner, String began, String ended) {
    this.log = Logger.getLogger(owner);
    this.began = began;
    this.ended = ended;
  }

  /** Something failed; only the first time since {@link #recovered} is logged. */
  public void failed(String reason) {
    if (away.compareAndSet(false, true)) {
      log.warnf("%s (%s)", began, reason);
    }
  }

  /** Something worked. */
  public void recovered() {
    if (away.compareAndSet(true, false)) {
      log.info(ended);
    }
  }

  /** Whether it failed last. */
  public boolean isAway() {
    return away.get();
  }
}
