package org.psidgateway.forecast;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.function.Consumer;
import org.psidgateway.db.RoundTrip;
import org.psidgateway.model.PageId;

/** Reads {@link RecentCalls}, by one statement. */
final class RecentCallsQuery {
  // Along the index of the grants, whatever there is in the table.
  private static final String RECENT =
      """
      select count(*) filter (where lately) as ended,
             count(*) filter (where lately and not answered) as unanswered,
             count(*) filter (where lately and lost) as lost,
             count(took) as timed, coalesce(avg(took), 0)::bigint as took,
             coalesce(percentile_cont(0.9) within group (order by took), 0)::bigint as took_at_most,
             greatest(0, (select max(micros(cooldown_until)) from standing where page_id in (0, ?))
                         - max(settled_at) filter (where lately and throttled)) as cooldown
        from (select granted_at > (select ledger_now()) - interval '1 hour' as lately,
                     outcome = 'answered' as answered,
                     outcome in ('throttled_app', 'throttled_page') as throttled,
                     state in ('uncertain', 'reconciled') as lost,
                     micros(settled_at) as settled_at,
                     case when state = 'settled'
                          then micros(least(settled_at, expires_at)) - micros(granted_at) end as took
                from (select * from call order by grant_no desc limit 100) latest
               where state in ('settled', 'uncertain', 'reconciled')) c
      """;

  private RecentCallsQuery() {}

  /**
   * @param page whose cooldown counts beside the app's
   */
  static void add(RoundTrip trip, PageId page, Consumer<RecentCalls> into) {
    trip.query(
        RECENT,
        row -> {
          row.next();
          into.accept(read(row));
        },
        page.value());
  }

  private static RecentCalls read(ResultSet row) throws SQLException {
    return new RecentCalls(
        row.getLong("ended"),
        row.getLong("unanswered"),
        row.getLong("lost"),
        row.getLong("cooldown"),
        row.getLong("timed"),
        row.getLong("took"),
        row.getLong("took_at_most"));
  }
}
