package org.psidgateway.batch;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.psidgateway.batch.CallPermits.Held;
import org.psidgateway.model.Fate;
import org.psidgateway.time.Ticker;

/**
 * Where a lane of a Page is between a first id and its call: idle, waiting for the batch to fill,
 * or running, with a conversion that has no grant yet. Guarded by its {@link PageQueue}.
 */
final class LaneState {

  /** What to do when ids wait. */
  enum Start {
    NOT,
    NOW,
    /** Once the batch has had time to fill. */
    AFTER_LINGER
  }

  private final Ticker ticker;
  private boolean running;
  private boolean lingering;
  private boolean crowded;
  private Fate why = Fate.QUEUED;
  private long notBefore;

  LaneState(Ticker ticker) {
    this.ticker = ticker;
    this.notBefore = ticker.nanos();
  }

  /** One conversion per lane looks for a grant: a second one would only compete with it. */
  Start tryStart(int waiting, int batchSize) {
    boolean full = waiting >= batchSize;
    if (running || waiting == 0 || lingering && !full) {
      return Start.NOT;
    }
    running = full;
    lingering = !full;
    return full ? Start.NOW : Start.AFTER_LINGER;
  }

  /** The batch has had its time to fill; true if a conversion is to start now. */
  boolean lingered(int waiting) {
    lingering = false;
    boolean starts = !running && waiting > 0;
    running |= starts;
    return starts;
  }

  /** The conversion has its grant, or has ended: the next one may start. */
  void stopped() {
    running = false;
  }

  /** Whether some of the last candidates were known or claimed already. */
  void crowded(boolean yes) {
    crowded = yes;
  }

  boolean isCrowded() {
    return crowded;
  }

  /** Nothing leaves for {@code delay}: callers that stop waiting before that hear {@code why}. */
  void held(Fate why, Duration delay) {
    this.why = why;
    this.notBefore = ticker.nanos() + delay.toNanos();
  }

  /**
   * What holds the lane longer: this, or what holds it for all Pages; for no time if neither does.
   */
  Held longer(@Nullable Held everywhere) {
    Duration left = Duration.ofNanos(Math.max(0, notBefore - ticker.nanos()));
    if (everywhere != null && everywhere.left().compareTo(left) >= 0) {
      return everywhere;
    }
    return new Held(left.isZero() ? Fate.QUEUED : why, left);
  }
}
