package org.psidgateway.ledger;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.UUID;
import org.psidgateway.db.RoundTrip;
import org.psidgateway.db.Transactions;
import org.psidgateway.ledger.Decision.Call;
import org.psidgateway.ledger.Decision.Granted;
import org.psidgateway.ledger.Decision.Nothing;
import org.psidgateway.ledger.Decision.Seen;
import org.psidgateway.ledger.Decision.Wait;
import org.psidgateway.ledger.Ledger.Request;
import org.psidgateway.model.Fate;
import org.psidgateway.model.Lane;
import org.psidgateway.store.MappingStore;

/**
 * The one transaction that decides, for all pods at once, whether a call may go out and for which
 * ids. Three round trips: the ids, the limits, the grant with its COMMIT. The budget row, which
 * everybody needs, is locked over one of them.
 *
 * <p><b>Claim first, look afterwards.</b> The ids are claimed, and only a later statement, with a
 * new snapshot, looks whether they are known. The other way round an answer could be committed and
 * its claim deleted between the look and the claim, and a known id would be asked again.
 *
 * <p><b>One order of locks</b>: the call's own, claims by ascending id, then mappings, then the
 * call's row, then the budget row, last and for the shortest time. Reserves with overlapping ids,
 * or a reserve against a settle, would deadlock otherwise.
 */
final class Reserve {
  private static final String ALONE = "select pg_advisory_xact_lock(?)";

  private static final String LOCK_BUDGET = "select 1 from budget for update";

  private static final String GRANT =
      """
      with counted as (
        update budget set held = held + ?, grants = grants + 1, next_grant_at = at_micros(?),
               background_at = case when ? then at_micros(?) else background_at end
        returning grants)
      insert into call (call_id, page_id, lane, state, grant_no, isolation, retry, probe, asked, cost,
                        granted_at, arrives_by, expires_at)
      select ?, ?, ?, 'granted', grants, ?, ?, ?, ?, ?, at_micros(?), at_micros(?), at_micros(?)
        from counted
      """;

  private static final Duration AT_ONCE = Duration.ofMillis(50);

  private final Rules rules;
  private final MappingStore store;

  Reserve(Rules rules, MappingStore store) {
    this.rules = rules;
    this.store = store;
  }

  /** A look without a lock: why the request can't pass at present, or empty where it might. */
  Optional<Decision> look(Connection connection, Request request) throws SQLException {
    Gate gate = GateQuery.read(connection, RoundTrip.plain(), request, rules);
    if (gate.restarted()) {
      Restart.heed(connection, rules);
      gate = GateQuery.read(connection, RoundTrip.plain(), request, rules);
    }
    Optional<Decision> stopped = gate.judge(request, rules, Seen.NOTHING);
    if (stopped.isPresent() && stopped.get() instanceof Wait wait && claimsASlot(request, wait)) {
      gate.lanes()
          .stamp(
              connection, gate.now(), request.lane(), gate.now() + wait.delay().toNanos() / 1000);
    }
    return stopped;
  }

  /** Background claims no slot that usage or a cooldown forbids it. */
  private static boolean claimsASlot(Request request, Wait wait) {
    return wait.appWide() && (request.lane() == Lane.INTERACTIVE || wait.why() == Fate.QUEUED);
  }

  Decision in(Connection connection, Request request, Duration sendWithin) throws SQLException {
    Candidates candidates = claim(connection, request);
    Seen seen = candidates.seen();
    long[] needless = candidates.needless();
    if (candidates.free().length == 0) {
      RoundTrip rest = RoundTrip.further();
      Claims.drop(rest, request.page(), needless);
      rest.commit().run(connection);
      return new Nothing(seen);
    }

    long decidedAt =
        System.nanoTime(); // before the database decides: the deadline counts from here
    RoundTrip locked = RoundTrip.further();
    lockBudget(locked);
    Gate gate = GateQuery.read(connection, locked, request, rules);
    if (gate.restarted()) { // another server than the one of the look: that has to be heeded first
      return Transactions.undo(connection, new Wait(AT_ONCE, Fate.QUEUED, false, seen));
    }
    Optional<Decision> stopped = gate.judge(request, rules, seen);
    if (stopped.isPresent()) {
      return Transactions.undo(
          connection, stopped.get()); // what was seen is committed all the same
    }
    long[] free = gate.capped(rules.quota()) ? candidates.freeUncertainFirst() : candidates.free();
    long[] granted = Arrays.copyOf(free, size(request, gate, free.length));

    RoundTrip last = RoundTrip.further();
    Claims.drop(last, request.page(), needless);
    Claims.giveBack(last, request.page(), Candidates.without(free, granted));
    grant(last, request, gate, granted.length, sendWithin);
    last.commit().run(connection);
    return new Granted(
        new Call(request.callId(), request.page(), request.lane(), granted),
        gate.page().tokenRevision(),
        decidedAt,
        decidedAt + sendWithin.minus(SendDeadline.WAY).toNanos(),
        gate.needsProbe(),
        seen);
  }

  private Candidates claim(Connection connection, Request request) throws SQLException {
    Candidates candidates = new Candidates(request.candidates());
    RoundTrip trip = RoundTrip.opening();
    alone(trip, request.callId());
    Claims.take(trip, request.page(), request.callId(), request.candidates(), candidates);
    store.lookUp(trip, request.page(), request.candidates(), candidates::known);
    trip.run(connection);
    return candidates;
  }

  private int size(Request request, Gate gate, int free) {
    long room = gate.room(request.lane(), rules.quota());
    int size = gate.callSize(request.batchSize(), rules.quota());
    return (int) Math.min(room, Math.min(free, size));
  }

  /**
   * Waits until no other transaction is alone with this call, and keeps others out until the end.
   */
  static void alone(RoundTrip trip, UUID callId) {
    trip.query(ALONE, rows -> {}, callId.getLeastSignificantBits());
  }

  static void lockBudget(RoundTrip trip) {
    trip.query(LOCK_BUDGET, rows -> {});
  }

  private void grant(RoundTrip trip, Request request, Gate gate, int units, Duration sendWithin) {
    long now = gate.now();
    long expiry = now + request.timeout().plus(SendDeadline.MARGIN).toNanos() / 1000;
    boolean probe = gate.needsProbe();
    trip.update(
        GRANT,
        units,
        rules.pace().afterGrant(now, gate.app().nextGrant(), request.cost()),
        request.lane() == Lane.BACKGROUND,
        now,
        request.callId(),
        request.page().value(),
        request.lane().name(),
        request.isolation(),
        request.retry() && !probe,
        probe,
        units,
        request.cost(),
        now,
        now + sendWithin.toNanos() / 1000,
        expiry);
    for (Scope scope : new Scope[] {gate.app(), gate.own()}) {
      if (scope.granted(request.callId(), request.cost(), now, expiry)) {
        Standings.save(trip, scope.standing());
      }
    }
  }
}
