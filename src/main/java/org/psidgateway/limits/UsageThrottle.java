package org.psidgateway.limits;

import org.psidgateway.model.Lane;

/**
 * What the upstream's usage percentages ask for, before it has to throttle anybody. Pure
 * arithmetic: percent, and microseconds.
 *
 * <p>From 75 % on calls are spaced ever wider, from 90 % on background work stops, from 95 % on one
 * call is under way at a time. A percentage is halved every minute without news, so that an old one
 * does not slow calls down forever.
 */
final class UsageThrottle {
  static final int SLOWER = 75;
  static final int INTERACTIVE_ONLY = 90;
  static final int ONE_AT_A_TIME = 95;

  /** The widest spacing: nobody says what lies beyond 100 %. */
  static final double WIDEST = 20;

  private static final double HALF_LIFE = 60_000_000;

  /** The spacing that is widened if no pace is set. */
  static final long UNPACED_INTERVAL = 100_000;

  private UsageThrottle() {}

  /** What is left of a percentage reported at {@code reportedAt}. */
  static double decayed(int percent, long reportedAt, long now) {
    return percent * Math.pow(2, -Math.max(0, now - reportedAt) / HALF_LIFE);
  }

  /** How long until {@code usage} has decayed below {@code percent}. */
  static long until(int percent, double usage) {
    return usage < percent
        ? 0
        : (long) Math.ceil(HALF_LIFE * Math.log(usage / percent) / Math.log(2)) + 1;
  }

  /** How many times wider than the pace says calls are spaced: 1 below 75 %, and smoothly on. */
  static double widening(double usage) {
    return usage < SLOWER ? 1 : Math.min(WIDEST, (100.0 - SLOWER) / Math.max(0.001, 100 - usage));
  }

  /**
   * When the next call may go out as far as usage is concerned; {@code now} or earlier: at once.
   */
  static long earliest(long now, Lane lane, double usage, long lastGrant, Pace pace) {
    if (usage < SLOWER || lastGrant == Long.MIN_VALUE && lane == Lane.INTERACTIVE) {
      return now;
    }
    if (lane == Lane.BACKGROUND && usage >= INTERACTIVE_ONLY) {
      return now + until(INTERACTIVE_ONLY, usage);
    }
    if (lastGrant == Long.MIN_VALUE) {
      return now;
    }
    long interval = pace.unlimited() ? UNPACED_INTERVAL : pace.spacing();
    long spaced = Math.min(lastGrant, now) + (long) (interval * widening(usage));
    return Math.min(spaced, now + until(SLOWER, usage));
  }
}
