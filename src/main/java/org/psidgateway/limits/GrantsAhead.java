package org.psidgateway.limits;

import org.psidgateway.model.Lane;

/** Grants by both paces, the slower of which bounds each. Not thread-safe. */
final class GrantsAhead implements Grants {
  private final Lane lane;
  private final ScopeAhead app;
  private final ScopeAhead own;
  private final long dueAfter;
  private final long arrivesWithin;
  private long lastBackground;
  private long last = Long.MIN_VALUE;

  GrantsAhead(Lane lane, ScopeAhead app, ScopeAhead own, LaneFairness lanes, long arrivesWithin) {
    this.lane = lane;
    this.app = app;
    this.own = own;
    this.dueAfter = lanes.due();
    this.lastBackground = lanes.backgroundAt();
    this.arrivesWithin = arrivesWithin;
  }

  @Override
  public long next(long notBefore, int cost) {
    long at = Math.max(notBefore, last);
    long granted = earliest(at, lane, cost);
    if (lane == Lane.BACKGROUND) { // once it is due, it takes the very next slot
      long due = Math.max(at, lastBackground + dueAfter);
      granted = Math.min(granted, earliest(due, Lane.INTERACTIVE, cost));
      lastBackground = granted;
    }
    app.granted(granted, cost, granted + arrivesWithin);
    own.granted(granted, cost, granted + arrivesWithin);
    last = granted;
    return granted;
  }

  private long earliest(long at, Lane paced, int cost) {
    long earliest = Math.max(at, app.earliest(at, paced, cost));
    return Math.max(earliest, own.earliest(at, paced, cost));
  }
}
