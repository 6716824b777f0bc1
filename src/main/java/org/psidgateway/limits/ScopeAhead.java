package org.psidgateway.limits;

import org.psidgateway.model.Lane;

/** What the limits of one scope become as calls are granted. Not thread-safe. */
final class ScopeAhead {
  private final ScopeOutlook scope;
  private final double besides;
  private final PeriodAhead period = new PeriodAhead();
  private long nextGrant;
  private long lastGrant;

  /**
   * @param besides calls of others for each call that is granted here
   */
  ScopeAhead(ScopeOutlook scope, double besides) {
    this.scope = scope;
    this.besides = besides;
    this.nextGrant = scope.nextGrant();
    this.lastGrant = scope.lastGrant();
    scope.arrivals().forEach(arrival -> period.add(arrival.by(), (double) arrival.cost()));
  }

  /** When a call may be granted, seen from {@code at}; that or earlier means at once. */
  long earliest(long at, Lane lane, int cost) {
    Pace pace = scope.pace();
    if (pace.unlimited()) {
      return widened(at);
    }
    long bounding = period.bounding(lane, pace.calls(lane) - cost);
    return Math.max(widened(at), pace.earliest(at, lane, nextGrant, bounding));
  }

  private long widened(long at) {
    double widened = scope.widened();
    return widened == 0 || lastGrant == Long.MIN_VALUE
        ? at
        : Math.min(lastGrant, at) + (long) widened;
  }

  void granted(long at, int cost, long arrivesBy) {
    lastGrant = at;
    if (!scope.pace().unlimited()) {
      double others = cost * besides;
      nextGrant =
          scope.pace().afterGrant(at, nextGrant, cost) + (long) (scope.pace().interval() * others);
      period.add(arrivesBy, cost + others);
    }
  }
}
