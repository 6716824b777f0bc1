package org.psidgateway.ledger;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.LongStream;
import org.psidgateway.ledger.Decision.Granted;
import org.psidgateway.ledger.Decision.Nothing;
import org.psidgateway.ledger.Decision.Seen;
import org.psidgateway.ledger.Decision.Wait;
import org.psidgateway.ledger.Ledger.Request;
import org.psidgateway.ledger.Transactions.Rollback;
import org.psidgateway.model.Fate;
import org.psidgateway.model.Findings;
import org.psidgateway.model.Lane;
import org.psidgateway.store.MappingStore;

/**
 * The one transaction that decides, for all pods at once, whether a call may go out and for which
 * ids.
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
  private static final String LOCK_BUDGET = "select 1 from budget for update";

  private static final String GRANT =
      """
      with counted as (
        update budget set held = held + ?, grants = grants + 1, next_grant_at = at_micros(?),
               background_at = case when ? then at_micros(?) else background_at end
        returning grants)
      insert into call (call_id, page_id, lane, state, grant_no, isolation, retry, probe, asked,
                        granted_at, expires_at)
      select ?, ?, ?, 'granted', grants, ?, ?, ?, ?, at_micros(?), at_micros(?)
        from counted
      """;

  /** After the time-out, for a process that settles slowly or loses its connection meanwhile. */
  private static final Duration MARGIN = Duration.ofSeconds(5);

  private static final Duration UNCERTAIN_FIRST = Duration.ofSeconds(1);

  private final Rules rules;
  private final MappingStore store;

  Reserve(Rules rules, MappingStore store) {
    this.rules = rules;
    this.store = store;
  }

  /** A look without a lock: why the request can't pass at present, or empty where it might. */
  Optional<Decision> look(Connection connection, Request request) throws SQLException {
    Gate gate = GateQuery.read(connection, request, rules);
    if (gate.restarted()) {
      Restart.heed(connection, rules);
      gate = GateQuery.read(connection, request, rules);
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

  Decision in(Connection connection, Request request) throws SQLException {
    long sendBefore = System.nanoTime() + rules.sendWithin(request.page()).toNanos();
    Claims claims = new Claims(connection, request.page());
    Transactions.alone(connection, request.callId());

    Claims.Taken taken = claims.take(request.candidates(), request.callId());
    long[] mine = taken.asids();
    var foreign = claims.holders(Claims.without(request.candidates(), mine));
    Findings known = store.lookUp(connection, request.page(), mine);
    claims.drop(known.asids());
    long[] free = Claims.without(mine, known.asids());
    Seen seen = new Seen(known, foreign);
    if (free.length == 0) {
      return new Nothing(seen);
    }

    lockBudget(connection);
    Gate gate = GateQuery.read(connection, request, rules);
    Optional<Decision> stopped = gate.judge(request, rules, seen);
    if (stopped.isPresent()) {
      throw new Rollback(stopped.get()); // what was seen is committed knowledge all the same
    }
    long[] allowed = gate.capped(rules.quota()) ? those(free, taken) : free;
    if (allowed.length == 0) {
      throw new Rollback(new Wait(UNCERTAIN_FIRST, Fate.UPSTREAM_UNAVAILABLE, false, true, seen));
    }
    long room = gate.room(request.lane(), rules.quota());
    long[] granted =
        Arrays.copyOf(allowed, (int) Math.min(room, Math.min(allowed.length, request.batchSize())));
    claims.giveBack(Claims.without(free, granted));
    grant(connection, request, gate, granted.length);
    return new Granted(
        request.callId(),
        request.page(),
        granted,
        gate.page().tokenRevision(),
        sendBefore,
        gate.needsProbe(),
        seen);
  }

  private static long[] those(long[] free, Claims.Taken taken) {
    return LongStream.of(free).filter(taken.uncertain()::contains).toArray();
  }

  static void lockBudget(Connection connection) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(LOCK_BUDGET)) {
      statement.execute();
    }
  }

  private void grant(Connection connection, Request request, Gate gate, int units)
      throws SQLException {
    long expiry = gate.now() + request.timeout().plus(MARGIN).toNanos() / 1000;
    boolean probe = gate.needsProbe();
    try (PreparedStatement statement = connection.prepareStatement(GRANT)) {
      statement.setLong(1, units);
      statement.setLong(2, rules.pace().afterGrant(gate.now(), gate.app().nextGrant()));
      statement.setBoolean(3, request.lane() == Lane.BACKGROUND);
      statement.setLong(4, gate.now());
      statement.setObject(5, request.callId());
      statement.setLong(6, request.page().value());
      statement.setString(7, request.lane().name());
      statement.setBoolean(8, request.isolation());
      statement.setBoolean(9, request.retry() && !probe);
      statement.setBoolean(10, probe);
      statement.setInt(11, units);
      statement.setLong(12, gate.now());
      statement.setLong(13, expiry);
      statement.executeUpdate();
    }
    for (Scope scope : new Scope[] {gate.app(), gate.own()}) {
      if (scope.granted(request.callId(), gate.now(), expiry)) {
        Standings.save(connection, scope.standing());
      }
    }
  }
}
