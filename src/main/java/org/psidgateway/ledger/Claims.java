package org.psidgateway.ledger;

import java.sql.Array;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Set;
import java.util.UUID;
import org.psidgateway.db.RoundTrip;
import org.psidgateway.ledger.Decision.Call;
import org.psidgateway.model.PageId;

/**
 * Which call asks which id, for all pods: one row per id, inserted before looking whether the id is
 * known. Rows are locked by ascending id, in every statement.
 */
final class Claims {
  // A lapsed claim is taken over in the same pass, so that all rows are locked in one order. The
  // claim of a call under way never lapses: it has to be found uncertain first.
  private static final String TAKE =
      """
      insert into claim (page_id, asid, call_id, lapses_at)
      select ?, asid, ?, 'infinity'
        from unnest(?::bigint[]) as t(asid) order by asid
          on conflict (asid, page_id) do update
             set call_id = excluded.call_id, lapses_at = excluded.lapses_at
           where claim.lapses_at <= ledger_now() or claim.call_id = any(?)
      returning asid, uncertain > 0, coalesce(missing_at > ledger_now() - interval '1 day', false)
      """;

  // Those that could not be taken are locked by the attempt, so none of them is missed here.
  private static final String HOLDERS =
      "select call_id, asid from claim where page_id = ? and asid = any(?) and call_id <> ?";

  private static final String RELEASE = "delete from claim where page_id = ? and asid = any(?)";

  // An id stays marked, whatever becomes of later calls for it.
  private static final String RELEASE_UNLESS_MARKED =
      """
      with kept as (
        update claim set lapses_at = ledger_now()
         where page_id = ? and asid = any(?) and (uncertain > 0 or missing_at is not null))
      delete from claim where page_id = ? and asid = any(?) and uncertain = 0 and missing_at is null
      """;

  // `held`: for how long the claim stays; null if it goes.
  private static final String RELEASE_ALL =
      """
      with mine as (
        select asid, page_id, asid = any(?) as missing,
               case when asid = any(?) then make_interval(secs => ?)
                    when asid = any(?) then make_interval(secs => ?)
                    when (uncertain > 0 or missing_at is not null) and asid <> all(?) then interval '0'
               end as held
          from claim where call_id = ? order by asid for update),
      kept as (
        update claim c
           set lapses_at = least(c.lapses_at, ledger_now() + m.held),
               missing_at = case when m.missing then ledger_now() else c.missing_at end
          from mine m where m.held is not null and c.asid = m.asid and c.page_id = m.page_id)
      delete from claim c using mine m
       where m.held is null and c.asid = m.asid and c.page_id = m.page_id
      """;

  // What nobody has asked again for a day, unless it may have been charged for.
  private static final String FORGET =
      """
      delete from claim
       where ctid = any(array(select ctid from claim
                               where lapses_at < (select ledger_now()) - interval '1 day'
                                 and uncertain = 0 order by lapses_at limit 1000))
         and lapses_at < ledger_now() - interval '1 day' and uncertain = 0
      """;

  // Twice as long each time where asking again may cost as much again.
  private static final String DEFER =
      """
      with mine as (select asid, page_id from claim where call_id = ? order by asid for update)
      update claim c
         set lapses_at = ledger_now() + make_interval(secs => least(?, ? * 2 ^ case
                 when (select spends from call where call_id = c.call_id) then least(c.uncertain, 16) else 0 end)),
             uncertain = case when (select spends from call where call_id = c.call_id)
                              then least(c.uncertain + 1, 100) else c.uncertain end
        from mine m where c.asid = m.asid and c.page_id = m.page_id and c.lapses_at = 'infinity'
      """;

  private static final String HOLD_BACK =
      """
      insert into claim (page_id, asid, call_id, lapses_at, uncertain)
      select ?, asid, ?, ledger_now() + make_interval(secs => ?), ?
        from unnest(?::bigint[]) as t(asid) order by asid
          on conflict (asid, page_id) do nothing
      """;

  private static final String UNDER_WAY =
      """
      select call_id, asid, micros(case when isfinite(lapses_at) then lapses_at end)
             - micros(ledger_now())
        from claim where call_id = any(?) and lapses_at > ledger_now()
      """;

  /** An id that is said not to exist is asked again no sooner than this. */
  private static final Duration ASIDE = Duration.ofSeconds(1);

  /** For so long nobody else asks an id about which there is more, if its process has died. */
  private static final Duration GOING_ON = Duration.ofMinutes(1);

  /** However often an id's calls ended uncertain, it may be asked again after this long. */
  static final Duration LONGEST = Duration.ofHours(1);

  private Claims() {}

  /** Claims the free ones until their call is over, and reads who holds the others. */
  static void take(
      Connection connection, RoundTrip trip, Ledger.Request request, Candidates candidates)
      throws SQLException {
    long page = request.page().value();
    long[] asids = request.candidates();
    Array continued = connection.createArrayOf("uuid", request.continued().toArray());
    trip.query(TAKE, candidates::claimed, page, request.callId(), asids, continued)
        .query(HOLDERS, candidates::foreign, page, asids, request.callId());
  }

  /** Releases claims that this transaction took, for ids that are known. */
  static void release(RoundTrip trip, PageId page, long[] asids) {
    if (asids.length > 0) {
      trip.update(RELEASE, page.value(), asids);
    }
  }

  /**
   * Releases claims that this transaction took, for ids that are still unknown. One that may have
   * been charged for, or is said not to exist, stays marked so.
   */
  static void releaseUnlessMarked(RoundTrip trip, PageId page, long[] asids) {
    if (asids.length > 0) {
      trip.update(RELEASE_UNLESS_MARKED, page.value(), asids, page.value(), asids);
    }
  }

  /**
   * Releases what the call still holds, but for ids that somebody is to ask once more; what another
   * call has taken over stays.
   */
  static void releaseAll(RoundTrip trip, UUID callId, Settlement.Fates fates) {
    trip.update(
        RELEASE_ALL,
        fates.missing(),
        fates.further(),
        seconds(GOING_ON),
        fates.missing(),
        seconds(ASIDE),
        fates.answered(),
        callId);
  }

  /** Keeps what the call still holds from being asked again for a while. */
  static void defer(RoundTrip trip, UUID callId, Duration delay) {
    trip.update(DEFER, callId, seconds(LONGEST), seconds(delay));
  }

  /** Drops claims that nobody needs any more. */
  static void clean(RoundTrip trip) {
    trip.update(FORGET);
  }

  /** The same for a call whose claims the database has forgotten. */
  static void holdBack(RoundTrip trip, Call call, Duration delay) {
    int uncertain = call.tariff().spendsQuota() ? 1 : 0;
    trip.update(HOLD_BACK, call.page().value(), call.id(), seconds(delay), uncertain, call.asids());
  }

  private static double seconds(Duration duration) {
    return duration.toMillis() / 1000.0;
  }

  static void underWay(RoundTrip trip, Connection connection, Set<UUID> calls, HeldClaims into)
      throws SQLException {
    trip.query(UNDER_WAY, into::read, connection.createArrayOf("uuid", calls.toArray()));
  }
}
