package org.psidgateway.db;

import java.util.concurrent.TimeUnit;
import org.psidgateway.time.Ticker;

/**
 * How often something is worth trying that may not help: at once, then after a pause that doubles
 * from a second to ten. After a minute in which nobody asks it starts over. Thread-safe; never
 * waits.
 */
final class GrowingPause {
  private static final long SHORTEST = TimeUnit.SECONDS.toNanos(1);
  private static final long LONGEST = TimeUnit.SECONDS.toNanos(10);
  private static final long QUIET = TimeUnit.MINUTES.toNanos(1);

  private final Ticker ticker;
  private long askedAt;
  private long begunAt;
  private long pause;

  GrowingPause(Ticker ticker) {
    this.ticker = ticker;
    this.askedAt = ticker.nanos();
    this.begunAt = askedAt;
  }

  /** Whether to try now; if so, the next pause has begun. */
  synchronized boolean isOver() {
    long now = ticker.nanos();
    if (now - askedAt >= QUIET) {
      pause = 0;
    }
    askedAt = now;
    if (now - begunAt < pause) {
      return false;
    }
    begunAt = now;
    pause = Math.min(LONGEST, Math.max(SHORTEST, 2 * pause));
    return true;
  }
}
