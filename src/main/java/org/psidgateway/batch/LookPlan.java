package org.psidgateway.batch;

import java.time.Duration;
import org.psidgateway.time.Ticker;

/**
 * Plans looks at what became of other calls: one at a time, the earliest that was asked for.
 * Thread-safe.
 */
final class LookPlan {
  private final Ticker ticker;
  private int latest;
  private long at;
  private boolean planned;

  LookPlan(Ticker ticker) {
    this.ticker = ticker;
  }

  /**
   * Plans a look.
   *
   * @return its number, for {@link #begin}; 0 if a look is due sooner
   */
  synchronized int plan(Duration after) {
    long then = ticker.nanos() + after.toNanos();
    if (planned && at - then <= 0) {
      return 0;
    }
    planned = true;
    at = then;
    return ++latest;
  }

  /** False if another look has taken its place. */
  synchronized boolean begin(int number) {
    boolean isLatest = number == latest;
    planned &= !isLatest;
    return isLatest;
  }
}
