package org.psidgateway.books;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.psidgateway.db.RoundTrip;

/** Who spent how much. Read from the calls of the time asked for, by an index. */
final class Spenders {
  // Most calls are of one caller, or of none that was recorded: what they returned need not be
  // taken
  // apart, which costs more than to read them. Where PSIDs cost nothing, only those that were
  // waited
  // for are the caller's.
  static final String SINCE =
      """
      select caller, sum(calls) as calls, sum(psids) as psids
        from (select callers[1] as caller, count(*) as calls, sum(coalesce(case when spends then returned else caller_psids[1] end, 0)) as psids
                from call
               where granted_at >= ? and state <> 'released' and coalesce(cardinality(callers), 0) < 2
               group by 1
               union all
              select u.caller, count(*), sum(coalesce(u.psids, 0))
                from call c, unnest(c.callers, c.caller_psids) as u(caller, psids)
               where c.granted_at >= ? and c.state <> 'released' and cardinality(c.callers) > 1
               group by 1) part
       group by caller
       order by psids desc, calls desc, caller
      """;

  private Spenders() {}

  /** Calls granted since then that left, the largest part first. */
  static List<CallerSpending> read(Connection connection, Instant since) throws SQLException {
    List<CallerSpending> found = new ArrayList<>();
    OffsetDateTime from = since.atOffset(ZoneOffset.UTC); // of its own type: no function per row
    RoundTrip.plain().query(SINCE, rows -> read(rows, found), from, from).run(connection);
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
