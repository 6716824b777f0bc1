package org.psidgateway.ledger;

import java.sql.Connection;
import java.sql.PreparedStatement;
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

  // Of a clock that ran ahead and was set right: a grant or cooldown of the future would stop the
  // calls
  // until then. No upstream's word counts for longer than a day.
  private static final String CLAMP_GRANTS =
      """
      update call set granted_at = ledger_now()
       where paced and granted_at > ledger_now() and grant_no > (select grants - 1000 from budget)
      """;

  private static final String CLAMP_COOLDOWNS =
      "update cooldown set until = ledger_now() where until > ledger_now() + interval '27 hours'";

  private static final String CLAMP_PACE =
      """
      update budget set next_grant_at = ledger_now() + ? * interval '1 microsecond'
       where next_grant_at > ledger_now() + ? * interval '1 microsecond'
      """;

  private Sweep() {}

  static int in(Connection connection, Pace pace) throws SQLException {
    try (Statement statement = connection.createStatement();
        PreparedStatement clampPace = connection.prepareStatement(CLAMP_PACE)) {
      statement.executeUpdate(CLAMP_GRANTS);
      statement.executeUpdate(CLAMP_COOLDOWNS);
      int marked = statement.executeUpdate(MARK);
      clampPace.setLong(1, pace.perMicros());
      clampPace.setLong(2, pace.perMicros());
      clampPace.executeUpdate();
      return marked;
    }
  }
}
