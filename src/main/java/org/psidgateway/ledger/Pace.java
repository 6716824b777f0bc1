package org.psidgateway.ledger;

import java.time.Duration;
import org.psidgateway.model.Lane;

/**
 * How close calls may follow each other. Pure arithmetic on microseconds; one instance serves all
 * threads.
 *
 * <p>Two rules together. The generic cell rate algorithm (ITU-T I.371, annex A.1, in its virtual
 * scheduling form) spaces the grants {@code per / calls} apart and lets {@code burst} of them come
 * back to back, so that lateness is made up for. It alone would allow {@code calls + burst - 1} in
 * a window; so the hard bound is that the {@code calls}-th latest grant lies a whole window back.
 *
 * <p>The upstream counts calls as they arrive, and a grant may take {@link #sendWithin} to leave:
 * the window is stretched by that much, so that an early call behind a late one can't crowd it.
 *
 * <p>Background work keeps clear of the last hundredth of the window and of half of the burst: so
 * an interactive call that comes along under a flood finds room at once.
 */
record Pace(int calls, long perMicros, int burst) {
  static final Pace UNLIMITED = new Pace(0, 1_000, 1);

  private static final long SHORTEST_SLACK = 50_000;
  private static final long LONGEST_SLACK = 250_000;
  private static final int HEADROOM_SHARE = 100;

  static Pace of(PaceConfig config) {
    return new Pace(config.calls(), config.per().toNanos() / 1000, config.burst());
  }

  boolean unlimited() {
    return calls == 0;
  }

  /** A grant that has not left within this time must be given back. */
  Duration sendWithin() {
    return Duration.ofNanos(slackMicros() * 1000);
  }

  private long slackMicros() {
    return unlimited()
        ? LONGEST_SLACK
        : Math.min(LONGEST_SLACK, Math.max(SHORTEST_SLACK, perMicros / 50));
  }

  long interval() {
    return unlimited() ? 0 : perMicros / calls;
  }

  /** The latest grant but so many is the one that bounds the next of this lane. */
  int boundingOffset(Lane lane) {
    return Math.max(0, calls - 1 - (lane == Lane.BACKGROUND ? headroom() : 0));
  }

  private int headroom() {
    return Math.min(burst - 1, calls / HEADROOM_SHARE);
  }

  /**
   * When the next call may be granted; {@code now} or earlier means at once.
   *
   * @param nextGrant the theoretical arrival time kept from the last grant
   * @param boundingGrant when the grant was made that {@link #boundingOffset} names; {@link
   *     Long#MIN_VALUE} where there were fewer
   */
  long earliest(long now, Lane lane, long nextGrant, long boundingGrant) {
    if (unlimited()) {
      return now;
    }
    long tolerance = (burst - 1) * interval() / (lane == Lane.BACKGROUND ? 2 : 1);
    long spaced = clamp(now, nextGrant) - tolerance;
    long bounded =
        boundingGrant == Long.MIN_VALUE
            ? Long.MIN_VALUE
            : Math.min(boundingGrant, now) + perMicros + slackMicros();
    return Math.max(spaced, bounded);
  }

  /** The theoretical arrival time to keep once a call is granted at {@code now}. */
  long afterGrant(long now, long nextGrant) {
    return Math.max(now, clamp(now, nextGrant)) + interval();
  }

  // A time from a clock that ran ahead must not stop the calls for longer than a window.
  private long clamp(long now, long nextGrant) {
    return Math.min(nextGrant, now + perMicros);
  }
}
