package org.psidgateway.limits;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.function.Consumer;
import org.psidgateway.db.RoundTrip;

/** Reads what the limits of the app, or of one Page, say about the next call. */
final class ScopeLimitsQuery {
  // The pace's period is walked backwards along an index, from the latest arrival: at most as many
  // entries as calls are allowed, 0.2 us each. The number is part of the text, since a plan made
  // for any number would be estimated by the size of the table.
  private static final String PERIOD =
      """
      select micros(max(arrives_by) filter (where running > %1$d - ?)) as bounding,
             micros(max(arrives_by) filter (where running > %2$d - ?)) as bounding_background
        from (select arrives_by, sum(cost) over (order by arrives_by desc rows unbounded preceding) as running
                from (select arrives_by, cost from call where paced and %4$s
                       order by arrives_by desc limit %3$d) latest) w
      """;

  private static final String NO_PERIOD =
      "select null::bigint as bounding, null::bigint as bounding_background";

  private static final String SCOPE =
      """
      select w.bounding, w.bounding_background,
             (select micros(granted_at) from call where paced and %2$s
               order by grant_no desc limit 1) as last_grant,
             exists (select from call where state = 'granted' and %2$s
                        and expires_at > (select ledger_now())) as under_way,
      """
          + LimitStates.COLUMNS
          + """
        from (values (?::bigint)) as s(scope)
        left join standing st on st.page_id = s.scope, (%1$s) w
      """;

  private final long scope;
  private final Pace pace;
  private final String sql;

  /**
   * @param scope a Page's id, or {@link LimitState#APP}
   */
  ScopeLimitsQuery(long scope, Pace pace) {
    this.scope = scope;
    this.pace = pace;
    String which = scope == LimitState.APP ? "true" : "page_id = " + scope;
    String period =
        pace.unlimited()
            ? NO_PERIOD
            : PERIOD.formatted(pace.calls(), pace.backgroundCalls(), pace.calls(), which);
    this.sql = SCOPE.formatted(period, which);
  }

  /** The budget row's theoretical arrival time is the app's; a Page's is in its limit state. */
  void add(RoundTrip trip, int cost, Consumer<ScopeLimits> into) {
    Object[] values = pace.unlimited() ? new Object[] {scope} : new Object[] {scope, cost, cost};
    trip.query(
        sql,
        row -> {
          row.next();
          into.accept(read(row));
        },
        values);
  }

  private ScopeLimits read(ResultSet row) throws SQLException {
    return new ScopeLimits(
        LimitStates.from(row, scope),
        pace,
        row.getLong("page_next_grant"),
        orNever(row, "bounding"),
        orNever(row, "bounding_background"),
        orNever(row, "last_grant"),
        row.getBoolean("under_way"));
  }

  static long orNever(ResultSet row, String column) throws SQLException {
    long time = row.getLong(column);
    return row.wasNull() ? Long.MIN_VALUE : time;
  }
}
