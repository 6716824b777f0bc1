package org.psidgateway.ledger;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import org.psidgateway.ledger.Decision.Granted;
import org.psidgateway.ledger.Decision.Nothing;
import org.psidgateway.ledger.Decision.Seen;
import org.psidgateway.ledger.Ledger.Request;
import org.psidgateway.ledger.Transactions.Rollback;
import org.psidgateway.model.Findings;
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
        update budget set held = held + ?, grants = grants + 1,
               next_grant_at = timestamptz 'epoch' + ? * interval '1 microsecond'
        returning grants)
      insert into call (call_id, page_id, lane, state, grant_no, isolation, asked, granted_at, expires_at)
      select ?, ?, ?, 'granted', grants, ?, ?,
             timestamptz 'epoch' + ? * interval '1 microsecond',
             timestamptz 'epoch' + ? * interval '1 microsecond'
        from counted
      """;

  /** After the time-out, for a process that settles slowly or loses its connection meanwhile. */
  private static final Duration MARGIN = Duration.ofSeconds(5);

  private final Pace pace;
  private final QuotaConfig quota;
  private final UpstreamWindow window;
  private final MappingStore store;
  private final Duration uncertainDelay;

  Reserve(
      Pace pace,
      QuotaConfig quota,
      UpstreamWindow window,
      MappingStore store,
      Duration uncertainDelay) {
    this.pace = pace;
    this.quota = quota;
    this.window = window;
    this.store = store;
    this.uncertainDelay = uncertainDelay;
  }

  /** A look without a lock: why the request can't pass at present, or empty where it might. */
  Optional<Decision> look(Connection connection, Request request) throws SQLException {
    return Gate.read(connection, request, pace, quota)
        .judge(request, pace, quota, window, Seen.NOTHING);
  }

  Decision in(Connection connection, Request request) throws SQLException {
    long sendBefore = System.nanoTime() + pace.sendWithin().toNanos();
    Duration expiry = request.timeout().plus(MARGIN);
    Claims claims = new Claims(connection, request.page());
    Transactions.alone(connection, request.callId());

    long[] mine = claims.take(request.candidates(), request.callId(), expiry.plus(uncertainDelay));
    var foreign = claims.holders(Claims.without(request.candidates(), mine));
    Findings known = store.lookUp(connection, request.page(), mine);
    claims.drop(known.asids());
    long[] free = Claims.without(mine, known.asids());
    Seen seen = new Seen(known, foreign);
    if (free.length == 0) {
      return new Nothing(seen);
    }

    lockBudget(connection);
    Gate gate = Gate.read(connection, request, pace, quota);
    Optional<Decision> stopped = gate.judge(request, pace, quota, window, seen);
    if (stopped.isPresent()) {
      throw new Rollback(stopped.get()); // what was seen is committed knowledge all the same
    }
    long room = gate.room(request.lane(), quota);
    long[] granted =
        Arrays.copyOf(free, (int) Math.min(room, Math.min(free.length, request.batchSize())));
    claims.drop(Claims.without(free, granted));
    grant(connection, request, gate, granted.length, expiry);
    return new Granted(
        request.callId(), request.page(), granted, gate.tokenRevision(), sendBefore, seen);
  }

  private static void lockBudget(Connection connection) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(LOCK_BUDGET)) {
      statement.execute();
    }
  }

  private void grant(Connection connection, Request request, Gate gate, int units, Duration expiry)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(GRANT)) {
      statement.setLong(1, units);
      statement.setLong(2, pace.afterGrant(gate.now(), gate.nextGrant()));
      statement.setObject(3, request.callId());
      statement.setLong(4, request.page().value());
      statement.setString(5, request.lane().name());
      statement.setBoolean(6, request.isolation());
      statement.setInt(7, units);
      statement.setLong(8, gate.now());
      statement.setLong(9, gate.now() + expiry.toNanos() / 1000);
      statement.executeUpdate();
    }
  }
}
