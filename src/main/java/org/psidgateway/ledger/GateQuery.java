package org.psidgateway.ledger;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.psidgateway.ledger.Ledger.Request;
import org.psidgateway.model.Lane;
import org.psidgateway.model.PageId;

/** Reads a {@link Gate} in one statement: a row for the app, and one for the Page. */
final class GateQuery {
  /** The lifetime quota, of a ceiling and of a share of all fans: two parameters. */
  static final String LIMIT =
      "least(?, (select floor(sum(fans) * ?)::bigint from page having count(*) = count(fans)))";

  // The bounding grant is found by walking the index over `calls` entries: 0.2 us each, which holds
  // the lock for a tenth of the time only beyond 40 000 calls an hour. Calls that never left don't
  // count.
  private static final String READ =
      """
      with t as materialized (select ledger_now() as now),
      scopes as (
        select v.scope, case when b.background_at <= t.now - make_interval(secs => ?)
                             then v.due_skip else v.skip end as skip
          from (values (0::bigint, ?::int, ?::int), (?::bigint, ?::int, ?::int))
            as v(scope, skip, due_skip), budget b, t)
      select micros(t.now) as now, b.committed, b.held, b.uncertain,
             %s as quota_limit,
             micros(b.next_grant_at) as next_grant, micros(b.interactive_until) as interactive_until,
             micros(b.background_until) as background_until, micros(b.background_at) as background_at,
             b.sealed_at is not null as sealed,
             b.server_started is distinct from pg_postmaster_start_time() as restarted,
             p.page_id is not null as registered, coalesce(p.paused, false) as paused, p.pause_reason,
             coalesce(p.token_revision, 0) as token_revision,
             case when ? then (select count(*) from call i where i.isolation
               and i.granted_at > t.now - make_interval(secs => ?)) else 0 end as isolation_calls,
             r.calls, r.retries, micros(r.last_retry) as last_retry,
             s.scope,
             case when s.skip < 0 then null when s.scope = 0
               then (select micros(granted_at) from call where paced
                      order by grant_no desc offset s.skip limit 1)
               else (select micros(granted_at) from call where paced and page_id = s.scope
                      order by grant_no desc offset s.skip limit 1) end as bounding_grant,
             case when s.scope = 0
               then (select micros(granted_at) from call where paced order by grant_no desc limit 1)
               else (select micros(granted_at) from call where paced and page_id = s.scope
                      order by grant_no desc limit 1) end as last_grant,
             (select count(*) from call where state = 'granted' and expires_at > t.now
                 and (s.scope = 0 or page_id = s.scope)) as under_way,
      """
              .formatted(LIMIT)
          + Standings.COLUMNS
          + """
        from t cross join scopes s cross join budget b
        left join page p on p.page_id = ?
        left join standing st on st.page_id = s.scope
        left join lateral (
          select count(*) as calls, count(*) filter (where retry) as retries,
                 max(granted_at) filter (where retry) as last_retry
            from call where granted_at > t.now - interval '1 minute') r on ?
       order by s.scope
      """;

  private GateQuery() {}

  static Gate read(Connection connection, Request request, Rules rules) throws SQLException {
    PageId page = request.page();
    Pace own = rules.pace(page);
    try (PreparedStatement statement = connection.prepareStatement(READ)) {
      statement.setDouble(1, Lanes.due(rules.pace()) / 1e6);
      statement.setInt(2, skip(rules.pace(), request.lane()));
      statement.setInt(3, skip(rules.pace(), Lane.INTERACTIVE));
      statement.setLong(4, page.value());
      statement.setInt(5, skip(own, request.lane()));
      statement.setInt(6, skip(own, Lane.INTERACTIVE));
      statement.setLong(7, rules.quota().ceiling());
      statement.setDouble(8, rules.quota().fanShare());
      statement.setBoolean(9, request.isolation());
      statement.setDouble(10, rules.pace().perMicros() / 1e6);
      statement.setLong(11, page.value());
      statement.setBoolean(12, request.retry());
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        Scope app = scope(row, rules.pace(), row.getLong("next_grant"));
        row.next();
        return gate(row, app, scope(row, own, row.getLong("page_next_grant")));
      }
    }
  }

  private static int skip(Pace pace, Lane lane) {
    return pace.unlimited() ? -1 : pace.boundingOffset(lane);
  }

  private static Gate gate(ResultSet row, Scope app, Scope own) throws SQLException {
    return new Gate(
        row.getLong("now"),
        row.getBoolean("sealed"),
        row.getBoolean("restarted"),
        new Gate.Books(
            row.getLong("committed"),
            row.getLong("held"),
            row.getLong("uncertain"),
            row.getLong("quota_limit")),
        new Gate.PageState(
            row.getBoolean("registered"),
            row.getBoolean("paused"),
            row.getString("pause_reason"),
            row.getInt("token_revision")),
        app,
        own,
        new Lanes(
            row.getLong("interactive_until"),
            row.getLong("background_until"),
            row.getLong("background_at"),
            Lanes.due(app.pace())),
        row.getLong("isolation_calls"),
        new Gate.Retries(row.getLong("calls"), row.getLong("retries"), orNever(row, "last_retry")));
  }

  private static Scope scope(ResultSet row, Pace pace, long nextGrant) throws SQLException {
    return new Scope(
        Standings.from(row, row.getLong("scope")),
        pace,
        nextGrant,
        orNever(row, "bounding_grant"),
        orNever(row, "last_grant"),
        row.getInt("under_way"));
  }

  private static long orNever(ResultSet row, String column) throws SQLException {
    long time = row.getLong(column);
    return row.wasNull() ? Long.MIN_VALUE : time;
  }
}
