package org.psidgateway.ledger;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.psidgateway.ledger.Ledger.Limits;
import org.psidgateway.ledger.Ledger.LimitsOf;
import org.psidgateway.ledger.Ledger.Quota;
import org.psidgateway.model.PageId;

/** What operators see of the ledger, read without a lock. */
final class Views {
  private static final String QUOTA =
      """
      select b.committed, b.held, b.uncertain, %s,
             s.suspicion = 'upstream_quota_suspected'
        from budget b join standing s on s.page_id = 0
      """
          .formatted(GateQuery.LIMIT);

  private static final String END =
      """
      select micros(b.sealed_at), s.suspicion = 'window_suspected_closed'
        from budget b join standing s on s.page_id = 0
      """;

  private static final String PACE_USED =
      """
      select coalesce(sum(cost), 0)
        from (select cost from call
               where paced and arrives_by > (select ledger_now()) - make_interval(secs => ?)
               order by arrives_by desc limit %d) latest
      """;

  private Views() {}

  static Quota quota(Connection connection, QuotaConfig config) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(QUOTA)) {
      statement.setLong(1, config.ceiling());
      statement.setDouble(2, config.fanShare());
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        long committed = row.getLong(1);
        long held = row.getLong(2);
        long uncertain = row.getLong(3);
        long limit = row.getLong(4);
        return new Quota(
            limit,
            committed,
            held,
            uncertain,
            limit - committed - held - uncertain,
            Gate.reserveFloor(limit, config),
            row.getBoolean(5));
      }
    }
  }

  /** When an admin sealed the window, and whether the upstream seems to have closed it. */
  record End(@Nullable Instant sealedAt, boolean suspected) {
    static final End UNKNOWN = new End(null, false);
  }

  static End end(Connection connection) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(END);
        ResultSet row = statement.executeQuery()) {
      row.next();
      long sealedAt = row.getLong(1);
      return new End(row.wasNull() ? null : Entries.instant(sealedAt), row.getBoolean(2));
    }
  }

  static long callsWithin(Connection connection, Pace pace) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(PACE_USED.formatted(pace.calls()))) {
      statement.setDouble(1, pace.perMicros() / 1e6);
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        return row.getLong(1);
      }
    }
  }

  /** Of every Page that the upstream has told something of, and under null of the app alone. */
  static LimitsOf limits(Connection connection) throws SQLException {
    Standings.Now standings = Standings.all(connection);
    Standing app = standings.of(Standing.APP);
    Map<@Nullable PageId, Limits> limits = new HashMap<>();
    boolean unproven = false;
    for (Standing standing : standings.byScope().values()) {
      limits.put(
          standing.scope == Standing.APP ? null : new PageId(standing.scope),
          limits(app, standing, standings.now()));
      unproven |= standing.unproven();
    }
    return new LimitsOf(limits, unproven);
  }

  private static Limits limits(Standing app, Standing own, long now) {
    long until = Math.max(stoppedUntil(app, now), stoppedUntil(own, now));
    return new Limits(
        until == 0 ? null : Entries.instant(until),
        app.usage < 0 ? null : app.usage(now),
        own.usage < 0 || own.scope == Standing.APP ? null : own.usage(now));
  }

  private static long stoppedUntil(Standing standing, long now) {
    return Math.max(
        standing.cooling(now) ? standing.cooldownUntil : 0,
        standing.stopping(now).isPresent() ? standing.suspectedUntil : 0);
  }
}
