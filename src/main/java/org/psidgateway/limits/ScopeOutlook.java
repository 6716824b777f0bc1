package org.psidgateway.limits;

import java.util.List;
import org.psidgateway.model.Lane;

/**
 * What the limits of the app, or of one Page, mean for calls to come.
 *
 * @param nextGrant theoretical arrival time of {@code pace}
 * @param widening how many times wider than the pace says calls are spaced; 1 for not at all
 * @param arrivals of the last period, earliest first
 */
record ScopeOutlook(
    Pace pace,
    long nextGrant,
    long lastGrant,
    double widening,
    List<Arrival> arrivals,
    Interactive interactive) {

  /** Those of no Page in particular: nothing stands in the way. */
  static final ScopeOutlook NONE =
      new ScopeOutlook(Pace.UNLIMITED, 0, Long.MIN_VALUE, 1, List.of(), Interactive.NONE);

  /** Calls that had arrived by then, and what they cost together. */
  record Arrival(long by, long cost) {}

  /**
   * Interactive calls that were granted lately, within a {@code span} of so many microseconds.
   *
   * @param cost calls that they counted as
   */
  record Interactive(long calls, long cost, long span) {
    static final Interactive NONE = new Interactive(0, 0, 1);

    /** What they cost, were there more of them by so many standard deviations of their number. */
    private double cost(double deviations) {
      return calls == 0 ? 0 : cost * (1 + deviations / Math.sqrt((double) calls));
    }
  }

  /** What interactive calls take of the pace, for each call that is left to others. */
  double interactiveEach(double deviations) {
    double taken = interactive.cost(deviations) * pace.interval() / interactive.span();
    return taken >= 1 ? Double.POSITIVE_INFINITY : taken / (1 - taken);
  }

  /** The most that they take if a call that is due goes first: see {@link LaneFairness#due}. */
  double mostInteractiveEach(int cost, long due) {
    double grant = (double) pace.interval() * cost;
    return grant == 0 ? 0 : Math.max(0, due / grant - 1);
  }

  /** How far apart calls are if they go on and on. */
  double spacing(Lane lane, int cost, long arrivesWithin, double besides) {
    if (pace.unlimited()) {
      return widened();
    }
    double all = cost * (1 + besides);
    double bounded = (pace.perMicros() + arrivesWithin) * all / pace.calls(lane);
    return Math.max(widened(), Math.max(pace.interval() * all, bounded));
  }

  /** How far apart usage wants them; 0 if it does not say. */
  double widened() {
    long interval = pace.unlimited() ? UsageThrottle.UNPACED_INTERVAL : pace.spacing();
    return widening > 1 ? interval * widening : 0;
  }
}
