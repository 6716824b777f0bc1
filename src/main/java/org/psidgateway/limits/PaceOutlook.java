package org.psidgateway.limits;

import org.psidgateway.model.Lane;

/**
 * How calls to come may follow each other: by the app's pace and the Page's, with what is used of
 * them now. Immutable.
 *
 * @see Pace the arithmetic, which is the same that grants keep to
 */
public final class PaceOutlook {
  private final Lane lane;
  private final ScopeOutlook app;
  private final ScopeOutlook own;
  private final LaneFairness lanes;

  PaceOutlook(Lane lane, ScopeOutlook app, ScopeOutlook own, LaneFairness lanes) {
    this.lane = lane;
    this.app = app;
    this.own = own;
    this.lanes = lanes;
  }

  /**
   * How far apart calls are once what is left of the pace now is used up, in microseconds; 0
   * without a pace. Parameters as in {@link #grants}.
   */
  public double spacing(int cost, long arrivesWithin, double deviations) {
    return Math.max(
        app.spacing(lane, cost, arrivesWithin, besides(app, cost, deviations)),
        own.spacing(lane, cost, arrivesWithin, besides(own, cost, deviations)));
  }

  /**
   * Grants from now on. Background work yields to as many interactive calls as there were lately.
   *
   * @param cost calls that each of them counts as, the last one perhaps less
   * @param arrivesWithin microseconds after its grant by which a call has arrived for certain
   * @param deviations by how many standard deviations there are more interactive calls than there
   *     were lately
   */
  public Grants grants(int cost, long arrivesWithin, double deviations) {
    return new GrantsAhead(
        lane,
        new ScopeAhead(app, besides(app, cost, deviations)),
        new ScopeAhead(own, besides(own, cost, deviations)),
        lanes,
        arrivesWithin);
  }

  /** Interactive calls for each call of ours, as far as ours yield to them. */
  private double besides(ScopeOutlook scope, int cost, double deviations) {
    return lane == Lane.BACKGROUND
        ? Math.min(scope.interactiveEach(deviations), scope.mostInteractiveEach(cost, lanes.due()))
        : 0;
  }
}
