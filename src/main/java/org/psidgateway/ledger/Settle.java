package org.psidgateway.ledger;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.UUID;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.psidgateway.db.RoundTrip;
import org.psidgateway.ledger.Settlement.Ending;
import org.psidgateway.ledger.Settlement.Lesson;
import org.psidgateway.model.PageId;
import org.psidgateway.model.Verdict;
import org.psidgateway.store.MappingStore;

/**
 * The one transaction that ends a call. Answers are always written, whoever brings them and however
 * late; units move once per call id, from whatever state its row is in. So settling is idempotent,
 * also for a process that froze and woke up after its call was given up. Locks in the order that
 * {@link Reserve} keeps. Two round trips; three where the answer taught something of the limits.
 */
final class Settle {
  private static final String LOCK_CALL =
      """
      select array_position(array['granted', 'uncertain'], state), asked, cost, probe, micros(granted_at)
        from call where call_id = ? for update
      """;

  private static final String END_CALL =
      """
      update call set state = ?, returned = ?, outcome = ?, paced = ?, settled_at = ledger_now(),
             arrives_by = least(arrives_by, granted_at + make_interval(secs => ?))
       where call_id = ?
      """;

  private static final String MOVE_UNITS =
      """
      update budget set held = held - ?, uncertain = uncertain + ?, committed = committed + ?,
             next_grant_at = next_grant_at - ? * interval '1 microsecond',
             streak = case when ? then least(greatest(streak, 0) + 1, 100)
                           when ? then greatest(least(streak, 0) - 1, -100) else streak end
      """;

  private static final String GIVE_BACK_PACE =
      """
      update standing set next_grant_at = next_grant_at - ? * interval '1 microsecond'
       where page_id = ?
      """;

  // What the database has forgotten, after a fail-over that lost its last transactions.
  private static final String INSERT_CALL =
      """
      with counted as (
        update budget set grants = grants + 1, uncertain = uncertain + ?, committed = committed + ?
        returning grants)
      insert into call (call_id, page_id, lane, state, grant_no, asked, returned, outcome, granted_at,
                        arrives_by, expires_at, settled_at)
      select ?, ?, ?, ?, grants, ?, ?, ?, t.now, t.now, t.now, t.now
        from counted, (select ledger_now() as now) t
      """;

  private final Rules rules;
  private final MappingStore store;

  Settle(Rules rules, MappingStore store) {
    this.rules = rules;
    this.store = store;
  }

  /**
   * @param first what the transaction begins with
   * @return when the answers were written, or would have been
   */
  Instant in(Connection connection, Settlement settlement, RoundTrip first) throws SQLException {
    Found found = new Found();
    UUID callId = settlement.call().id();
    Reserve.alone(first, callId); // its reserve may still be committing
    if (settlement.ending() == Ending.UNCERTAIN) {
      Claims.postpone(first, callId, rules.uncertain().delay());
    } else {
      Claims.dropAll(first, callId, resolved(settlement));
    }
    store.write(
        first,
        settlement.call().page(),
        settlement.call().asids(),
        settlement.verdicts(),
        at -> found.writtenAt = at);
    first.query(LOCK_CALL, found::call, callId).run(connection);
    conclude(connection, settlement, found);
    return Entries.instant(found.writtenAt);
  }

  private void conclude(Connection connection, Settlement settlement, Found found)
      throws SQLException {
    RoundTrip trip = RoundTrip.further();
    Row call = found.call;
    boolean learns;
    if (call == null) {
      if (settlement.ending() == Ending.UNSENT) {
        return; // the reserve was never committed: nothing is held
      }
      insert(trip, settlement);
      learns = Lessons.mayChange(settlement, false);
    } else if (call.held || call.uncertain && settlement.ending() != Ending.UNCERTAIN) {
      moveUnits(trip, settlement, call);
      learns = Lessons.mayChange(settlement, call.probe);
    } else {
      learns = settlement.throttle() != null;
    }
    if (learns) {
      long grantedAt = call == null ? found.writtenAt : call.grantedAt;
      Reserve.lockBudget(trip);
      Lessons.learn(connection, trip, settlement, grantedAt, rules);
    } else {
      trip.commit().run(connection);
    }
  }

  private static long[] resolved(Settlement settlement) {
    long[] asids = settlement.call().asids();
    return IntStream.range(0, asids.length)
        .filter(i -> settlement.verdicts()[i] != Verdict.UNKNOWN)
        .mapToLong(i -> asids[i])
        .toArray();
  }

  /** What the call's row says. */
  private record Row(
      boolean held, boolean uncertain, long asked, int cost, boolean probe, long grantedAt) {}

  private static final class Found {
    @Nullable Row call;
    long writtenAt;

    void call(ResultSet row) throws SQLException {
      if (row.next()) {
        int state = row.getInt(1);
        call =
            new Row(
                state == 1,
                state == 2,
                row.getLong(2),
                row.getInt(3),
                row.getBoolean(4),
                row.getLong(5));
      }
    }
  }

  private void insert(RoundTrip trip, Settlement settlement) {
    Call call = settlement.call();
    boolean lost = settlement.ending() == Ending.UNCERTAIN;
    if (lost) {
      Claims.holdBack(trip, call, rules.uncertain().delay());
    }
    trip.update(
        INSERT_CALL,
        lost ? call.asids().length : 0,
        settlement.returned(),
        call.id(),
        call.page().value(),
        call.lane().name(),
        lost ? "uncertain" : "settled",
        call.asids().length,
        settlement.returned(),
        settlement.outcome());
  }

  private void moveUnits(RoundTrip trip, Settlement settlement, Row call) {
    boolean unsent = settlement.ending() == Ending.UNSENT;
    boolean lost = settlement.ending() == Ending.UNCERTAIN;
    trip.update(
        END_CALL,
        lost ? "uncertain" : unsent ? "released" : "settled",
        settlement.returned(),
        settlement.outcome(),
        !unsent,
        settlement.arrivedWithin().toNanos() / 1e9,
        settlement.call().id());
    trip.update(
        MOVE_UNITS,
        call.held ? call.asked : 0,
        lost ? call.asked : call.held ? 0 : -call.asked,
        settlement.returned(),
        unsent ? rules.pace().interval() * call.cost : 0,
        settlement.lesson() == Lesson.OPEN,
        lost);
    PageId page = settlement.call().page();
    if (unsent && !rules.pace(page).unlimited()) {
      trip.update(GIVE_BACK_PACE, rules.pace(page).interval() * call.cost, page.value());
    }
  }
}
