package org.psidgateway.limits;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import org.psidgateway.model.PageId;

/**
 * After a restart of PostgreSQL, or a fail-over to another one: what it remembers of the latest
 * grants may be too little, so the pace starts as if the burst had just been used up; no call is
 * granted until pods have settled again what it may have forgotten; and nothing is given up as
 * uncertain until owners had a lease's time to bring the answers in their memory.
 */
final class Restart {
  private static final String HEED =
      """
      update budget
         set server_started = pg_postmaster_start_time(),
             next_grant_at = case when server_started is null then next_grant_at
               else greatest(least(next_grant_at, ledger_now() + make_interval(secs => ?)),
                             ledger_now() + make_interval(secs => ?)) end,
             quiet_until = case when server_started is null then quiet_until
               else ledger_now() + make_interval(secs => ?) end
       where server_started is distinct from pg_postmaster_start_time()
      """;

  private static final String HEED_PAGE =
      """
      update standing
         set next_grant_at = greatest(next_grant_at, ledger_now() + make_interval(secs => ?))
       where page_id = ? and next_grant_at > 'epoch'
      """;

  /** Longer than the pause between two looks of a pod at its server. */
  static final Duration SETTLING = Duration.ofSeconds(3);

  private Restart() {}

  /**
   * Until when no call is granted after a restart, in microseconds: pods settle again what the
   * database may have forgotten, or ids that were paid for would be asked once more.
   *
   * @param quietUntil until when nothing is given up
   */
  static long settlingUntil(long quietUntil) {
    return quietUntil - Limits.QUIET_AFTER_RESTART.minus(SETTLING).toNanos() / 1000;
  }

  /** Does nothing if it was heeded before. Locks the budget row for a moment. */
  static void heed(Connection connection, SpendingPolicy policy) throws SQLException {
    Pace pace = policy.pace();
    try (PreparedStatement statement = connection.prepareStatement(HEED)) {
      statement.setDouble(1, pace.perMicros() / 1e6);
      statement.setDouble(2, pace.burst() * pace.spacing() / 1e6);
      statement.setDouble(3, Limits.QUIET_AFTER_RESTART.toMillis() / 1e3);
      if (statement.executeUpdate() == 0) {
        return;
      }
    }
    for (Map.Entry<PageId, Pace> own : policy.pagePaces().entrySet()) {
      try (PreparedStatement statement = connection.prepareStatement(HEED_PAGE)) {
        statement.setDouble(1, own.getValue().burst() * own.getValue().spacing() / 1e6);
        statement.setLong(2, own.getKey().value());
        statement.executeUpdate();
      }
    }
  }
}
