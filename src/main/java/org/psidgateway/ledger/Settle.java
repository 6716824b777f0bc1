package org.psidgateway.ledger;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.UUID;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.psidgateway.ledger.Settlement.Ending;
import org.psidgateway.model.PageId;
import org.psidgateway.model.Verdict;
import org.psidgateway.store.MappingStore;

/**
 * The one transaction that ends a call. Answers are always written, whoever brings them and however
 * late; units move once per call id, from whatever state its row is in. So settling is idempotent,
 * also for a process that froze and woke up after its call was given up. Locks in the order that
 * {@link Reserve} keeps.
 */
final class Settle {
  private static final String LOCK_CALL =
      "select state, asked, probe, micros(granted_at) from call where call_id = ? for update";

  private static final String END_CALL =
      """
      update call set state = ?, returned = ?, outcome = ?, paced = ?, settled_at = ledger_now()
       where call_id = ?
      """;

  private static final String MOVE_UNITS =
      """
      update budget set held = held - ?, uncertain = uncertain + ?, committed = committed + ?,
             next_grant_at = next_grant_at - ? * interval '1 microsecond'
      """;

  private final Rules rules;
  private final MappingStore store;

  Settle(Rules rules, MappingStore store) {
    this.rules = rules;
    this.store = store;
  }

  Settlement in(Connection connection, Settlement settlement) throws SQLException {
    UUID callId = settlement.grant().callId();
    if (settlement.ending() == Ending.UNSENT) {
      Transactions.alone(connection, callId); // its reserve may still be committing
    }
    if (settlement.ending() == Ending.UNCERTAIN) {
      Claims.postpone(connection, callId, rules.uncertain().delay());
    } else {
      Claims.dropAll(connection, callId, resolved(settlement));
    }
    store.write(
        connection, settlement.grant().page(), settlement.grant().asids(), settlement.verdicts());
    Row call = lock(connection, callId);
    if (call == null) {
      return settlement; // the reserve was never committed: nothing is held
    }
    boolean unitsMove =
        call.state.equals("granted")
            || call.state.equals("uncertain") && settlement.ending() != Ending.UNCERTAIN;
    if (unitsMove) {
      moveUnits(connection, settlement, call);
    }
    if (unitsMove ? Lessons.mayChange(settlement, call.probe) : settlement.throttle() != null) {
      Reserve.lockBudget(connection);
      new Lessons(connection, rules).learn(settlement, call.grantedAt);
    }
    return settlement;
  }

  private static long[] resolved(Settlement settlement) {
    long[] asids = settlement.grant().asids();
    return IntStream.range(0, asids.length)
        .filter(i -> settlement.verdicts()[i] != Verdict.UNKNOWN)
        .mapToLong(i -> asids[i])
        .toArray();
  }

  /** What the call's row says. */
  private record Row(String state, long asked, boolean probe, long grantedAt) {}

  private static @Nullable Row lock(Connection connection, UUID callId) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(LOCK_CALL)) {
      statement.setObject(1, callId);
      try (ResultSet row = statement.executeQuery()) {
        return row.next()
            ? new Row(row.getString(1), row.getLong(2), row.getBoolean(3), row.getLong(4))
            : null;
      }
    }
  }

  private void moveUnits(Connection connection, Settlement settlement, Row call)
      throws SQLException {
    boolean held = call.state.equals("granted");
    boolean unsent = settlement.ending() == Ending.UNSENT;
    boolean lost = settlement.ending() == Ending.UNCERTAIN;
    try (PreparedStatement statement = connection.prepareStatement(END_CALL)) {
      statement.setString(1, lost ? "uncertain" : unsent ? "released" : "settled");
      statement.setInt(2, settlement.returned());
      statement.setString(3, settlement.outcome());
      statement.setBoolean(4, !unsent);
      statement.setObject(5, settlement.grant().callId());
      statement.executeUpdate();
    }
    try (PreparedStatement statement = connection.prepareStatement(MOVE_UNITS)) {
      statement.setLong(1, held ? call.asked : 0);
      statement.setLong(2, lost ? call.asked : held ? 0 : -call.asked);
      statement.setLong(3, settlement.returned());
      statement.setLong(4, unsent ? rules.pace().interval() : 0);
      statement.executeUpdate();
    }
    PageId page = settlement.grant().page();
    if (unsent && !rules.pace(page).unlimited()) {
      Standing own = Standings.of(connection, page.value()).of(page.value());
      own.nextGrant -= rules.pace(page).interval();
      Standings.save(connection, own);
    }
  }
}
