package org.psidgateway.books;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.psidgateway.db.RoundTrip;
import org.psidgateway.time.Micros;

/** Who spent how much. Read from the calls of the time asked for, by an index. */
final class Spenders {
  static final String SINCE =
      """
      select u.caller, count(*) as calls,
             sum(case when c.callers is null then coalesce(c.returned, 0) else coalesce(u.psids, 0) end) as psids
        from call c
        left join lateral unnest(c.callers, c.caller_psids) as u(caller, psids) on true
       where c.granted_at >= at_micros(?) and c.state <> 'released'
       group by u.caller
       order by psids desc, calls desc, u.caller
      """;

  private Spenders() {}

  /** Calls granted since then that left, the largest part first. */
  static List<CallerSpending> read(Connection connection, Instant since) throws SQLException {
    List<CallerSpending> found = new ArrayList<>();
    RoundTrip.plain().query(SINCE, rows -> read(rows, found), Micros.of(since)).run(connection);
    long all = found.stream().mapToLong(CallerSpending::conversions).sum();
    return found.stream().map(one -> withShare(one, all)).toList();
  }

  private static void read(ResultSet rows, List<CallerSpending> into) throws SQLException {
    while (rows.next()) {
      into.add(
          new CallerSpending(
              rows.getString("caller"), rows.getLong("psids"), rows.getLong("calls"), 0));
    }
  }

  private static CallerSpending withShare(CallerSpending one, long all) {
    double share = all == 0 ? 0 : (double) one.conversions() / (double) all;
    return new CallerSpending(one.caller(), one.conversions(), one.calls(), share);
  }
}
