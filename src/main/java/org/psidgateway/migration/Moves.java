package org.psidgateway.migration;

import org.jspecify.annotations.Nullable;
import org.psidgateway.db.RoundTrip;

/**
 * Writes changes of a migration's state, each with its line in the diary, in a transaction that has
 * locked the migration's row. Whatever ends a migration settles what nobody knows: those ids
 * failed.
 */
public final class Moves {
  /** Who did it, where nobody has asked for it. */
  public static final String GATEWAY = "gateway";

  private static final String COUNTS =
      """
      jsonb_build_array(received, malformed, duplicates, distinct_ids, already_known, mapped, unmapped, invalid,
                        failed, under_way + unanswered)
      """;

  private static final String MOVE =
      """
      with v as materialized (%s),
      moved as (
        update migration m
           set state = v.becomes, reason = nullif(v.why, ''), revision = revision + 1,
               next_state = null, next_reason = null, next_by = null,
               desired = case v.becomes when 'paused' then 'paused' when 'awaiting_confirmation' then 'paused'
                                        when 'cancelled' then 'cancelled' when 'canary' then 'running'
                                        when 'running' then 'running' else desired end,
               started_at = case when v.becomes in ('canary', 'running') then coalesce(started_at, v.now)
                                 else started_at end,
               finished_at = case when v.over then v.now end,
               progress = progress + case when v.over and unanswered > 0 then 1 else 0 end,
               failed = failed + case when v.over then unanswered else 0 end,
               unanswered = case when v.over then 0 else unanswered end
          from v
         where m.id = v.id and m.state = v.was
        returning m.*, v.was, v.who, v.now)
      insert into migration_event (migration_id, at, from_state, to_state, reason, by_whom, counts)
      select id, now, was, state, reason, who,
      """
          + COUNTS
          + " from moved";

  private static final String GIVEN =
      """
      select ?::uuid as id, ?::text as was, ?::text as becomes, ?::text as why, ?::text as who, ?::boolean as over,
             ledger_now() as now
      """;

  private static final String WAITED_FOR =
      """
      select id, state as was, next_state as becomes, next_reason as why, coalesce(next_by, '') as who,
             next_state <> 'paused' as over, ledger_now() as now
        from migration where id = ? and next_state is not null
      """;

  private static final String BEGIN =
      """
      insert into migration_event (migration_id, at, to_state, by_whom)
      select id, created_at, state, created_by from migration where id = ?
      """;

  private static final String NEXT =
      "update migration set next_state = ?, next_reason = nullif(?, ''), next_by = ?, revision = revision + 1 where id = ?";

  private Moves() {}

  /** The first line of the diary, of a migration that the same transaction has made. */
  static void begin(RoundTrip trip, MigrationId id) {
    trip.update(BEGIN, id.value());
  }

  /** The move itself, which must be a possible one: no call of the migration is under way. */
  public static void move(
      RoundTrip trip, MigrationId id, State from, State to, @Nullable String reason, String by) {
    trip.update(
        MOVE.formatted(GIVEN),
        id.value(),
        from.wireName(),
        to.wireName(),
        reason == null ? "" : reason,
        by,
        to.isEnd());
  }

  /** The move that was waited for: no call is under way any more. */
  public static void arrive(RoundTrip trip, MigrationId id) {
    trip.update(MOVE.formatted(WAITED_FOR), id.value());
  }

  /** The same, as soon as no call is under way; none begins from now on. */
  public static void moveNext(
      RoundTrip trip, MigrationId id, State to, @Nullable String reason, String by) {
    trip.update(NEXT, to.wireName(), reason == null ? "" : reason, by, id.value());
  }
}
