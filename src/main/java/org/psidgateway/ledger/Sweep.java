package org.psidgateway.ledger;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * Marks calls that have expired as uncertain: their units stay counted, since the upstream may have
 * charged them. Any pod may do it at any time; rows that another one is moving are passed over. The
 * claims need no hand: they carry the time at which they lapse.
 */
final class Sweep {
  private static final String MARK =
      """
      with expired as (
        select call_id, asked from call
         where state = 'granted' and expires_at < ledger_now()
         order by call_id for update skip locked),
      marked as (
        update call c set state = 'uncertain', outcome = 'expired', settled_at = ledger_now()
          from expired e where c.call_id = e.call_id returning e.asked)
      update budget set held = held - moved.units, uncertain = uncertain + moved.units
        from (select coalesce(sum(asked), 0) as units from marked) as moved where moved.units > 0
      """;

  private Sweep() {}

  static int in(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      return statement.executeUpdate(MARK);
    }
  }
}
