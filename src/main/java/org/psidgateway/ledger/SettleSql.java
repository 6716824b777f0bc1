package org.psidgateway.ledger;

/** The statements that end a call. */
final class SettleSql {
  // Units move from whatever state the row is in, once: a call that has ended keeps its state. The
  // row is locked before the budget's, and nobody else is alone with the call meanwhile.
  static final String END =
      """
      with before as materialized (
        select call_id, array_position(array['granted', 'uncertain'], state) as open, asked, cost,
               case when spends then asked else 0 end as units, probe, granted_at
          from call where call_id = ? for update),
      ended as (
        update call c
           set state = ?, returned = ?, caller_psids = ?, outcome = ?, paced = ?, settled_at = ledger_now(),
               arrives_by = least(arrives_by, c.granted_at + make_interval(secs => ?))
          from before b
         where c.call_id = b.call_id and b.open <= ?
        returning case b.open when 1 then b.units else 0 end as held, b.units, c.spends, b.asked, b.cost),
      moved as (
        update budget
           set held = budget.held - e.held,
               uncertain = uncertain + case when ? then e.units else e.held - e.units end,
               committed = committed + case when e.spends then ? else 0 end,
               matched = matched + case when e.spends then 0 else ? end,
               next_grant_at = next_grant_at - e.cost * ? * interval '1 microsecond',
               streak = case when not e.spends then streak
                             when ? then least(greatest(streak, 0) + 1, 100)
                             when ? and e.asked > 1 then -1
                             when ? then greatest(least(streak, 0) - 1, -100) else streak end
          from ended e)
      select open <= ?, probe, micros(granted_at), cost from before
      """;

  // What the database has forgotten, after a fail-over that lost its last transactions.
  static final String INSERT_CALL =
      """
      with counted as (
        update budget
           set grants = grants + 1, uncertain = uncertain + ?, committed = committed + ?,
               matched = matched + ?,
               streak = case when ? then greatest(least(streak, 0) - 1, -100) else streak end
        returning grants)
      insert into call (call_id, page_id, lane, state, grant_no, asked, cost, spends, callers,
                        caller_ids, caller_psids, returned, outcome, migration_id, granted_at, arrives_by, expires_at,
                        settled_at)
      select ?, ?, ?, ?, grants, ?, ?, ?, ?, ?, ?, ?, ?, ?::uuid, t.now, t.now, t.now, t.now
        from counted, (select ledger_now() as now) t
      """;

  private SettleSql() {}
}
