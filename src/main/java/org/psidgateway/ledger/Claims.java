package org.psidgateway.ledger;

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
           where claim.lapses_at <= ledger_now()
      returning asid, uncertain > 0
      """;

  // Those that could not be taken are locked by the attempt, so none of them is missed here.
  private static final String HOLDERS =
      "select call_id, asid from claim where page_id = ? and asid = any(?) and call_id <> ?";

  private static final String RELEASE = "delete from claim where page_id = ? and asid = any(?)";

  // An id stays marked uncertain, whatever becomes of later calls for it.
  private static final String RELEASE_UNLESS_UNCERTAIN =
      """
      with kept as (
        update claim set lapses_at = ledger_now()
         where page_id = ? and asid = any(?) and uncertain > 0)
      delete from claim where page_id = ? and asid = any(?) and uncertain = 0
      """;

  private static final String RELEASE_ALL =
      """
      with mine as (
        select asid, page_id, uncertain > 0 and asid <> all(?) as kept
          from claim where call_id = ? order by asid for update),
      lapsed as (
        update claim c set lapses_at = least(c.lapses_at, ledger_now())
          from mine m where m.kept and c.asid = m.asid and c.page_id = m.page_id)
      delete from claim c using mine m
       where not m.kept and c.asid = m.asid and c.page_id = m.page_id
      """;

  private static final String DEFER =
      """
      with mine as (select asid, page_id from claim where call_id = ? order by asid for update)
      update claim c
         set lapses_at = ledger_now() + make_interval(secs => least(?, ? * 2 ^ least(c.uncertain, 16))),
             uncertain = least(c.uncertain + 1, 100)
        from mine m where c.asid = m.asid and c.page_id = m.page_id and c.lapses_at = 'infinity'
      """;

  private static final String HOLD_BACK =
      """
      insert into claim (page_id, asid, call_id, lapses_at, uncertain)
      select ?, asid, ?, ledger_now() + make_interval(secs => ?), 1
        from unnest(?::bigint[]) as t(asid) order by asid
          on conflict (asid, page_id) do nothing
      """;

  private static final String UNDER_WAY =
      """
      select call_id, asid, micros(case when isfinite(lapses_at) then lapses_at end)
             - micros(ledger_now())
        from claim where call_id = any(?) and lapses_at > ledger_now()
      """;

  /** However often an id's calls ended uncertain, it may be asked again after this long. */
  static final Duration LONGEST = Duration.ofHours(1);

  private Claims() {}

  /** Claims the free ones until their call is over, and reads who holds the others. */
  static void take(RoundTrip trip, PageId page, UUID callId, long[] asids, Candidates candidates) {
    trip.query(TAKE, candidates::claimed, page.value(), callId, asids)
        .query(HOLDERS, candidates::foreign, page.value(), asids, callId);
  }

  /** Releases claims that this transaction took, for ids that are known. */
  static void release(RoundTrip trip, PageId page, long[] asids) {
    if (asids.length > 0) {
      trip.update(RELEASE, page.value(), asids);
    }
  }

  /**
   * Releases claims that this transaction took, for ids that are still unknown. One that may have
   * been charged for stays marked so.
   */
  static void releaseUnlessUncertain(RoundTrip trip, PageId page, long[] asids) {
    if (asids.length > 0) {
      trip.update(RELEASE_UNLESS_UNCERTAIN, page.value(), asids, page.value(), asids);
    }
  }

  /**
   * Releases what the call still holds; what another call has taken over stays.
   *
   * @param resolved ids that the call has answered
   */
  static void releaseAll(RoundTrip trip, UUID callId, long[] resolved) {
    trip.update(RELEASE_ALL, resolved, callId);
  }

  /** Keeps what the call still holds from being asked again for a while, doubling each time. */
  static void defer(RoundTrip trip, UUID callId, Duration delay) {
    trip.update(DEFER, callId, seconds(LONGEST), seconds(delay));
  }

  /** The same for a call whose claims the database has forgotten. */
  static void holdBack(RoundTrip trip, Call call, Duration delay) {
    trip.update(HOLD_BACK, call.page().value(), call.id(), seconds(delay), call.asids());
  }

  private static double seconds(Duration duration) {
    return duration.toMillis() / 1000.0;
  }

  static void underWay(RoundTrip trip, Connection connection, Set<UUID> calls, HeldClaims into)
      throws SQLException {
    trip.query(UNDER_WAY, into::read, connection.createArrayOf("uuid", calls.toArray()));
  }
}
