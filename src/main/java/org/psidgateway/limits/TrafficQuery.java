package org.psidgateway.limits;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.psidgateway.db.RoundTrip;
import org.psidgateway.limits.ScopeOutlook.Arrival;
import org.psidgateway.limits.ScopeOutlook.Interactive;
import org.psidgateway.model.Lane;
import org.psidgateway.model.PageId;

/**
 * What the paces of the app and of one Page count now, and which part of it is interactive: read by
 * statements of one round trip. Without a pace there is nothing to read.
 */
final class TrafficQuery {
  // As far back as the pace counts, in slices: a hundredth of it is near enough.
  private static final String ARRIVALS =
      """
      select micros(max(arrives_by)), sum(cost)
        from (select arrives_by, cost, ntile(100) over (order by arrives_by) as slice
                from (select arrives_by, cost from call
                       where paced and %2$s and arrives_by > (select ledger_now()) - make_interval(secs => ?)
                       order by arrives_by desc limit %1$d) latest) sliced
       group by slice order by slice
      """;

  /** The latest calls show the share of the lanes just as well. */
  private static final int LATEST = 100;

  private static final String INTERACTIVE =
      """
      select micros(ledger_now()), micros(min(granted_at)), count(*),
             count(*) filter (where interactive), coalesce(sum(cost) filter (where interactive), 0),
             count(*) filter (where interactive and own), coalesce(sum(cost) filter (where interactive and own), 0)
        from (select granted_at, cost, lane = 'INTERACTIVE' as interactive, page_id = ? as own
                from call where paced order by arrives_by desc limit %d) latest
       where granted_at > (select ledger_now()) - make_interval(secs => ?)
      """
          .formatted(LATEST);

  private final List<Arrival> ofApp = new ArrayList<>();
  private final List<Arrival> onPage = new ArrayList<>();
  private Interactive inApp = Interactive.NONE;
  private Interactive inPage = Interactive.NONE;

  /**
   * @param lane background alone yields to interactive calls
   */
  void add(RoundTrip trip, Pace app, Pace own, PageId page, Lane lane) {
    arrivals(trip, app, "true", ofApp);
    arrivals(trip, own, "page_id = " + page, onPage);
    if (lane == Lane.BACKGROUND && !(app.unlimited() && own.unlimited())) {
      long period = Math.max(app.perMicros(), own.perMicros());
      trip.query(INTERACTIVE, row -> interactive(row, period), page.value(), period / 1e6);
    }
  }

  private static void arrivals(RoundTrip trip, Pace pace, String which, List<Arrival> into) {
    if (!pace.unlimited()) {
      trip.query(
          ARRIVALS.formatted(pace.calls(), which),
          rows -> {
            while (rows.next()) {
              into.add(new Arrival(rows.getLong(1), rows.getLong(2)));
            }
          },
          pace.perMicros() / 1e6);
    }
  }

  private void interactive(ResultSet row, long period) throws SQLException {
    row.next();
    long span = row.getLong(3) < LATEST ? period : Math.max(1, row.getLong(1) - row.getLong(2));
    inApp = new Interactive(row.getLong(4), row.getLong(5), span);
    inPage = new Interactive(row.getLong(6), row.getLong(7), span);
  }

  ScopeOutlook app(long now, ScopeLimits limits) {
    return scope(now, limits, ofApp, inApp);
  }

  ScopeOutlook own(long now, ScopeLimits limits) {
    return scope(now, limits, onPage, inPage);
  }

  // Usage as reported last is taken to last, up to where background work stops: it is what our own
  // calls make of it.
  private static ScopeOutlook scope(
      long now, ScopeLimits limits, List<Arrival> arrivals, Interactive interactive) {
    double usage = Math.min(limits.state().usage(now), UsageThrottle.INTERACTIVE_ONLY);
    return new ScopeOutlook(
        limits.pace(),
        limits.nextGrant(),
        limits.lastGrant(),
        UsageThrottle.widening(usage),
        List.copyOf(arrivals),
        interactive);
  }
}
