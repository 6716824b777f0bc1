package org.psidgateway.migration.work;

import java.util.Arrays;
import java.util.stream.Collectors;
import org.psidgateway.migration.State;
import org.psidgateway.migration.list.ListTables;

/**
 * The statements by which ids of a list are decided, and counted, together. Each follows a
 * statement of the same transaction that has locked the migration's row: it then sees what was
 * decided by whoever held the lock before, and no id is counted twice.
 */
final class DecisionSql {
  /** Of a migration that has ended nothing changes. */
  static final String LOCK =
      "select 1 from migration where id = ? and finished_at is null for update";

  private static final String STATES =
      Arrays.stream(State.values())
          .map(state -> "'" + state.wireName() + "'")
          .collect(Collectors.joining(", ", "array[", "]"));

  /** Ids that are not decided, of the migration {@code g}. */
  static final String OPEN =
      "g.distinct_ids - g.already_known - g.mapped - g.unmapped - g.invalid - g.failed - g.under_way";

  /** For {@link Standing}; numbers alone, so that the statements of a trip stay together. */
  static final String STANDING =
      "array_position(%1$s, g.state), coalesce(array_position(%1$s, g.next_state), 0), g.under_way, %2$s"
          .formatted(STATES, OPEN);

  private static final String LIVING =
      "m as materialized (select id, progress from migration where id = ? and finished_at is null)";

  private static final String CALLED =
      """
      c as materialized (
        select array_position(array['granted', 'uncertain'], state) as open, asked,
               case when spends then asked else 0 end as units
          from call where call_id = ?)
      """;

  // An id that a call of the migration's is asking is that call's to decide. Looked up id by id:
  // as an anti-join it might be planned over all claims.
  private static final String ASKED_BY_ANOTHER =
      """
      coalesce((select true from claim k join call o on o.call_id = k.call_id
                 where k.asid = i.asid and k.page_id = any (array[0, ?])
                   and o.migration_id = m.id and o.state = 'granted' limit 1), false)
      """;

  private static final String COUNTED =
      """
      put as (
        update %1$s i set verdict = b.verdict, decided = m.progress + 1 from before b, m where i.asid = b.asid),
      s as materialized (
        select count(*) filter (where verdict > 0) as mapped, count(*) filter (where verdict = -1) as unmapped,
               count(*) filter (where verdict = -2) as invalid, count(*) filter (where verdict < -2) as failed,
               count(*) filter (where was = 0) as again
          from before)
      update migration g
         set mapped = g.mapped + s.mapped, unmapped = g.unmapped + s.unmapped, invalid = g.invalid + s.invalid,
             failed = g.failed + s.failed, unanswered = g.unanswered - s.again, progress = g.progress + 1,
      """;

  // What somebody else has stored meanwhile stays, and is what the list shows. A call that is not
  // there was forgotten by a fail-over: what its grant has changed was too.
  private static final String ANSWERED =
      "with "
          + LIVING
          + ","
          + CALLED
          + """
      , told as materialized (
        select t.asid, coalesce((select psid from mapping where page_id = ? and asid = t.asid), t.verdict) as verdict
          from unnest(?::bigint[], ?::bigint[]) t(asid, verdict)),
      before as materialized (
        select t.asid, t.verdict, i.verdict as was
          from m cross join told t join %1$s i on i.asid = t.asid left join c on true
         where (i.verdict is null or i.verdict = 0)
           and (c.open = 1 or not\s"""
          + ASKED_BY_ANOTHER
          + ")),\n"
          + COUNTED
          + """
             under_way = g.under_way - case when c.open = 1 then c.asked else 0 end,
             units_held = g.units_held - case when c.open = 1 then c.units else 0 end,
             units_uncertain = greatest(0, g.units_uncertain - case when c.open = 2 then c.units else 0 end),
             units = g.units + case when c.open <= 2 or c.asked is null then ? else 0 end,
             calls = g.calls + case when c.open = 1 or c.asked is null then ? else 0 end,
             asked = g.asked + case when c.open = 1 or c.asked is null then ? else 0 end
        from s cross join m left join c on true
       where g.id = m.id
      returning\s"""
          + STANDING;

  private static final String LOST =
      "with "
          + LIVING
          + ","
          + CALLED
          + """
      , lost as materialized (
        select asid from claim where call_id = ?
        union all
        select i.asid from m cross join unnest(?::bigint[]) i(asid)
         where not exists (select from c) and not\s"""
          + ASKED_BY_ANOTHER
          + """
      ),
      put as (
        update %1$s i set verdict = 0, decided = m.progress + 1
          from m left join c on true
         where i.asid = any (array(select asid from lost)) and i.verdict is null
           and (c.open = 1 or c.asked is null)
        returning 1)
      update migration g
         set under_way = g.under_way - coalesce(c.asked, 0), unanswered = g.unanswered + (select count(*) from put),
             units_held = g.units_held - coalesce(c.units, 0),
             units_uncertain = g.units_uncertain + coalesce(c.units, ?),
             calls = g.calls + 1, asked = g.asked + coalesce(c.asked, ?), progress = g.progress + 1
        from m left join c on true
       where g.id = m.id and (c.open = 1 or c.asked is null)
      returning\s"""
          + STANDING;

  private static final String JOINED =
      "with "
          + LIVING
          + """
      , before as materialized (
        select t.asid, t.verdict, i.verdict as was
          from m cross join unnest(?::bigint[], ?::bigint[]) t(asid, verdict) join %1$s i on i.asid = t.asid
         where (i.verdict is null or i.verdict = 0)
           and not\s"""
          + ASKED_BY_ANOTHER
          + "),\n"
          + COUNTED
          + """
             joined = g.joined + s.mapped + s.unmapped + s.invalid
        from s cross join m
       where g.id = m.id
      returning\s"""
          + STANDING;

  private static final String DECIDED =
      "select exists (select from %1$s where asid = any (?) and verdict <> 0)";

  private static final String GRANTED =
      """
      update migration set under_way = under_way + ?, units_held = units_held + ?, progress = progress + 1
       where id = ?
      """;

  private static final String GRANTED_AGAIN =
      """
      with again as (update %1$s set verdict = null, decided = null where asid = any (?) and verdict = 0 returning 1)
      update migration set under_way = under_way + ?, units_held = units_held + ?, progress = progress + 1,
             unanswered = unanswered - (select count(*) from again)
       where id = ?
      """;

  private final String answered;
  private final String lost;
  private final String joined;
  private final String decided;
  private final String grantedAgain;

  DecisionSql(long listNo) {
    String ids = ListTables.ids(listNo);
    answered = ANSWERED.formatted(ids);
    lost = LOST.formatted(ids);
    joined = JOINED.formatted(ids);
    decided = DECIDED.formatted(ids);
    grantedAgain = GRANTED_AGAIN.formatted(ids);
  }

  /** A call was answered, or refused, or never sent. */
  String answered() {
    return answered;
  }

  /** Nobody knows how a call ended. */
  String lost() {
    return lost;
  }

  /** Ids were answered without a call of the migration's. */
  String joined() {
    return joined;
  }

  /** Whether some ids are decided: those must not be asked. */
  String decided() {
    return decided;
  }

  static String granted() {
    return GRANTED;
  }

  /** The same, if there are ids whose call ended uncertain. */
  String grantedAgain() {
    return grantedAgain;
  }
}
