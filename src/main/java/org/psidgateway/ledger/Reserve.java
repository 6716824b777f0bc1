package org.psidgateway.ledger;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.psidgateway.db.RoundTrip;
import org.psidgateway.db.Transactions;
import org.psidgateway.ledger.Decision.Call;
import org.psidgateway.ledger.Decision.Denied;
import org.psidgateway.ledger.Decision.Granted;
import org.psidgateway.ledger.Decision.Nothing;
import org.psidgateway.ledger.Decision.Seen;
import org.psidgateway.ledger.Decision.Wait;
import org.psidgateway.ledger.Ledger.Request;
import org.psidgateway.limits.Admission;
import org.psidgateway.limits.AdmissionRequest;
import org.psidgateway.limits.Limits;
import org.psidgateway.limits.Objection;
import org.psidgateway.model.Fate;
import org.psidgateway.model.Lane;
import org.psidgateway.store.MappingStore;
import org.psidgateway.time.Ticker;

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
 * account, then the call's row, then the budget row, last and for the shortest time. Reserves with
 * overlapping ids, or a reserve against a settle, would deadlock otherwise.
 */
final class Reserve {
  private static final String ALONE = "select pg_advisory_xact_lock(?)";

  private static final String GRANT =
      """
      with counted as (
        update budget set held = held + ?, grants = grants + 1, next_grant_at = at_micros(?),
               background_at = case when ? then at_micros(?) else background_at end
        returning grants)
      insert into call (call_id, page_id, lane, state, grant_no, isolation, retry, probe, asked, callers,
                        caller_ids, cost, spends, granted_at, arrives_by, expires_at, migration_id)
      select ?, ?, ?, 'granted', grants, ?, ?, ?, ?, ?, ?, ?, ?, at_micros(?), at_micros(?), at_micros(?), ?::uuid
        from counted
      """;

  private static final String PAGES =
      """
      select page_id, paused and coalesce(pause_reason, '') not in ('token_invalid', 'permission_denied')
        from page order by page_id
      """;

  private static final Duration AT_ONCE = Duration.ofMillis(50);

  /** How often to look where an account's units that are under way may come back. */
  private static final Duration SOON = Duration.ofMillis(200);

  /** Those of callers who wait. */
  private static final Account.Terms NO_TERMS =
      new Account.Terms() {
        @Override
        public boolean isOpen() {
          return true;
        }

        @Override
        public int most(int ids) {
          return ids;
        }

        @Override
        public void granted(RoundTrip trip, Call call) {
          // Nobody keeps count.
        }
      };

  private final Limits limits;
  private final MappingStore store;
  private final Ticker ticker;

  Reserve(Limits limits, MappingStore store, Ticker ticker) {
    this.limits = limits;
    this.store = store;
    this.ticker = ticker;
  }

  /** Without a lock: why the request can't pass at present; empty if it might. */
  Optional<Decision> precheck(Connection connection, Request request) throws SQLException {
    Admission admission = admission(connection, RoundTrip.plain(), request);
    if (admission.restarted()) {
      limits.heedRestart(connection);
      admission = admission(connection, RoundTrip.plain(), request);
    }
    Optional<Objection> objection = admission.objection();
    if (objection.isPresent() && objection.get() instanceof Objection.Hold hold) {
      admission.stamp(connection, hold);
    }
    return objection.map(why -> decision(request, why, Seen.NOTHING));
  }

  private Admission admission(Connection connection, RoundTrip before, Request request)
      throws SQLException {
    return limits.admission(
        connection,
        before,
        new AdmissionRequest(
            request.page(),
            request.lane(),
            request.tariff(),
            request.candidates().length,
            request.isolation(),
            request.retry()));
  }

  private static Decision decision(Request request, Objection objection, Seen seen) {
    return objection instanceof Objection.Hold hold
        ? new Wait(
            hold.delay(), hold.why(), hold.appWide() && !mayFitElsewhere(request, hold), seen)
        : new Denied(objection.why(), seen);
  }

  /** Where calls differ in what they cost, a smaller one of another Page may go at once. */
  private static boolean mayFitElsewhere(Request request, Objection.Hold hold) {
    return request.tariff().countsIds() && !request.page().isAny() && hold.why() == Fate.QUEUED;
  }

  Decision decide(Connection connection, Request request, Duration sendWithin) throws SQLException {
    Candidates candidates = claim(connection, request);
    Seen seen = candidates.seen();
    long[] needless = candidates.needless();
    if (candidates.free().length == 0) {
      RoundTrip rest = RoundTrip.further();
      release(rest, request, needless, seen);
      rest.commit().run(connection);
      return new Nothing(seen);
    }

    // Before the database decides: the deadline counts from here.
    long decidedAt = ticker.nanos();
    RoundTrip locked = RoundTrip.further();
    Account account = request.account();
    Account.Terms terms = account == null ? NO_TERMS : account.terms(locked, candidates.free());
    Limits.lockBudget(locked);
    if (request.page().isAny()) { // a Page that went in between must not get any rows
      locked.query(PAGES, candidates::registered);
    }
    Admission admission = admission(connection, locked, request);
    if (admission.restarted()) { // since the precheck: that has to be heeded first
      return Transactions.undo(connection, new Wait(AT_ONCE, Fate.QUEUED, false, seen));
    }
    if (!terms.isOpen()) { // its ids are to go back
      return Transactions.undo(connection, new Denied(Fate.QUEUED, seen));
    }
    Optional<Objection> objection = admission.objection();
    if (objection.isPresent()) { // what was seen is committed all the same
      return Transactions.undo(connection, decision(request, objection.get(), seen));
    }
    long[] free = admission.capped() ? candidates.freeUncertainFirst() : candidates.free();
    int size = admission.size(free.length);
    if (request.tariff().spendsQuota()) {
      size = terms.most(size);
    }
    if (size == 0) {
      return Transactions.undo(connection, new Wait(SOON, Fate.QUEUED, false, seen));
    }
    Call granted = request.call(Arrays.copyOf(free, size));

    RoundTrip last = RoundTrip.further();
    release(last, request, needless, seen);
    Claims.releaseUnlessMarked(last, request.page(), Candidates.without(free, granted.asids()));
    terms.granted(last, granted);
    grant(last, request, admission, granted, sendWithin);
    last.commit().run(connection);
    return new Granted(
        granted,
        request.page().isAny() ? candidates.registered() : List.of(request.page()),
        candidates.missing(granted.asids()),
        admission.tokenRevision(),
        decidedAt,
        decidedAt + sendWithin.minus(SendDeadline.WAY).toNanos(),
        admission.needsProbe(),
        seen);
  }

  private Candidates claim(Connection connection, Request request) throws SQLException {
    Candidates candidates = new Candidates(request);
    RoundTrip trip = RoundTrip.opening();
    alone(trip, request.callId());
    Claims.take(connection, trip, request, candidates);
    if (request.page().isAny()) {
      trip.query(PAGES, candidates::pages);
    }
    store.lookUp(trip, request.wanted(), candidates::known);
    trip.run(connection);
    candidates.complete();
    return candidates;
  }

  /** A mark stays on ids that are not asked only because their Pages are paused. */
  private static void release(RoundTrip trip, Request request, long[] needless, Seen seen) {
    if (seen.paused().isEmpty()) {
      Claims.release(trip, request.page(), needless);
    } else {
      Claims.releaseUnlessMarked(trip, request.page(), needless);
    }
  }

  /**
   * Waits until no other transaction is alone with this call, and keeps others out until the end.
   */
  static void alone(RoundTrip trip, UUID callId) {
    trip.query(ALONE, rows -> {}, callId.getLeastSignificantBits());
  }

  private void grant(
      RoundTrip trip, Request request, Admission admission, Call call, Duration sendWithin) {
    int ids = call.asids().length;
    CallerTally asked = CallerTally.asked(call);
    long now = admission.now();
    long expiry = now + request.timeout().plus(SendDeadline.MARGIN).toNanos() / 1000;
    boolean probe = admission.needsProbe();
    int cost = request.tariff().calls(ids);
    trip.update(
        GRANT,
        request.tariff().units(ids),
        admission.nextGrant(cost),
        request.lane() == Lane.BACKGROUND,
        now,
        request.callId(),
        request.page().value(),
        request.lane().name(),
        request.isolation(),
        request.retry() && !probe,
        probe,
        ids,
        asked.names(),
        asked.ids(),
        cost,
        request.tariff().spendsQuota(),
        now,
        now + sendWithin.toNanos() / 1000,
        expiry,
        request.account() == null ? null : request.account().id());
    admission.granted(trip, request.callId(), cost, expiry);
  }
}
