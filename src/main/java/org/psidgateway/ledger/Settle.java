package org.psidgateway.ledger;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import org.psidgateway.ledger.Settlement.Ending;
import org.psidgateway.ledger.Settlement.Throttle;
import org.psidgateway.store.MappingStore;

/**
 * The one transaction that ends a call. Answers are always written, whoever brings them and however
 * late; units move once per call id, from whatever state its row is in. So settling is idempotent,
 * also for a process that froze and woke up after its call was given up. Locks in the order that
 * {@link Reserve} keeps.
 */
final class Settle {
  private static final String LOCK_CALL =
      "select state, asked from call where call_id = ? for update";

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

  // A back-off doubles with each throttle in a row; throttles that come in while one is running out
  // are of calls sent before it, and say nothing new.
  private static final String COOL_DOWN =
      """
      insert into cooldown as c (page_id, until, strikes)
      values (?, ledger_now() + make_interval(secs => coalesce(?, ?) * ?), 1)
          on conflict (page_id) do update set
             strikes = case when c.until > ledger_now() then c.strikes else c.strikes + 1 end,
             until = greatest(c.until, ledger_now() + make_interval(secs => ? * coalesce(?,
               least(?, ? * 2 ^ least(case when c.until > ledger_now() then c.strikes - 1 else c.strikes end, 30)))))
      """;

  private static final String WARM_UP =
      "delete from cooldown where page_id in (0, ?) and until <= ledger_now()";

  private final Pace pace;
  private final CooldownConfig cooldown;
  private final Duration uncertainDelay;
  private final MappingStore store;

  Settle(Pace pace, CooldownConfig cooldown, Duration uncertainDelay, MappingStore store) {
    this.pace = pace;
    this.cooldown = cooldown;
    this.uncertainDelay = uncertainDelay;
    this.store = store;
  }

  Settlement in(Connection connection, Settlement settlement) throws SQLException {
    UUID callId = settlement.grant().callId();
    if (settlement.ending() == Ending.UNSENT) {
      Transactions.alone(connection, callId); // its reserve may still be committing
    }
    if (settlement.ending() == Ending.UNCERTAIN) {
      Claims.postpone(connection, callId, uncertainDelay);
    } else {
      Claims.dropAll(connection, callId);
    }
    store.write(
        connection, settlement.grant().page(), settlement.grant().asids(), settlement.verdicts());
    moveUnits(connection, settlement);
    if (settlement.throttle() != null) {
      coolDown(connection, settlement, settlement.throttle());
    } else if (settlement.returned() > 0) {
      warmUp(connection, settlement);
    }
    return settlement;
  }

  private void moveUnits(Connection connection, Settlement settlement) throws SQLException {
    UUID callId = settlement.grant().callId();
    String state;
    long asked;
    try (PreparedStatement statement = connection.prepareStatement(LOCK_CALL)) {
      statement.setObject(1, callId);
      try (ResultSet row = statement.executeQuery()) {
        if (!row.next()) {
          return; // the reserve was never committed: nothing is held
        }
        state = row.getString(1);
        asked = row.getLong(2);
      }
    }
    boolean held = state.equals("granted");
    boolean uncertain = state.equals("uncertain") && settlement.ending() != Ending.UNCERTAIN;
    if (!held && !uncertain) {
      return; // settled before
    }
    boolean unsent = settlement.ending() == Ending.UNSENT;
    boolean lost = settlement.ending() == Ending.UNCERTAIN;
    try (PreparedStatement statement = connection.prepareStatement(END_CALL)) {
      statement.setString(1, lost ? "uncertain" : unsent ? "released" : "settled");
      statement.setInt(2, settlement.returned());
      statement.setString(3, settlement.outcome());
      statement.setBoolean(4, !unsent);
      statement.setObject(5, callId);
      statement.executeUpdate();
    }
    try (PreparedStatement statement = connection.prepareStatement(MOVE_UNITS)) {
      statement.setLong(1, held ? asked : 0);
      statement.setLong(2, lost ? asked : uncertain ? -asked : 0);
      statement.setLong(3, settlement.returned());
      statement.setLong(4, unsent ? pace.interval() : 0);
      statement.executeUpdate();
    }
  }

  private void coolDown(Connection connection, Settlement settlement, Throttle throttle)
      throws SQLException {
    Double regain = throttle.regainAfter().map(d -> d.toMillis() / 1000.0).orElse(null);
    double initial = cooldown.initial().toMillis() / 1000.0;
    double jitter = 1 + ThreadLocalRandom.current().nextDouble(0.1); // never earlier than told
    try (PreparedStatement statement = connection.prepareStatement(COOL_DOWN)) {
      statement.setLong(1, throttle.appWide() ? 0 : settlement.grant().page().value());
      statement.setObject(2, regain, java.sql.Types.DOUBLE);
      statement.setDouble(3, initial);
      statement.setDouble(4, jitter);
      statement.setDouble(5, jitter);
      statement.setObject(6, regain, java.sql.Types.DOUBLE);
      statement.setDouble(7, cooldown.max().toMillis() / 1000.0);
      statement.setDouble(8, initial);
      statement.executeUpdate();
    }
  }

  private static void warmUp(Connection connection, Settlement settlement) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(WARM_UP)) {
      statement.setLong(1, settlement.grant().page().value());
      statement.executeUpdate();
    }
  }
}
