package org.psidgateway.ledger;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.psidgateway.ledger.Decision.Refused;
import org.psidgateway.ledger.Decision.Seen;
import org.psidgateway.ledger.Decision.Wait;
import org.psidgateway.ledger.Ledger.Request;
import org.psidgateway.model.Fate;
import org.psidgateway.model.Lane;

/**
 * All that a grant depends on, read in one statement: once without a lock, so that who can't pass
 * does not queue for it, and once with the budget row locked, when it counts. Times are
 * microseconds since the epoch, by {@code ledger_now()}.
 */
record Gate(
    long now,
    long committed,
    long held,
    long uncertain,
    long grants,
    long nextGrant,
    long boundingGrant,
    long cooldownUntil,
    long isolationCalls,
    boolean registered,
    boolean paused,
    @Nullable String pauseReason,
    int tokenRevision,
    long limit) {

  /** Where units of calls under way may come back, that is how often to look. */
  private static final Duration HELD_UNITS = Duration.ofMillis(100);

  /** Share of the pace that may be spent on finding bad ids. */
  private static final double ISOLATION_SHARE = 0.05;

  // The bounding grant is found by walking the index over `calls` entries: 0.2 us each, which holds
  // the
  // lock for a tenth of the time only beyond 40 000 calls an hour. Calls that never left don't
  // count.
  private static final String READ =
      """
      select micros(ledger_now()), b.committed, b.held, b.uncertain, b.grants, micros(b.next_grant_at),
             (select micros(granted_at) from call where paced
               order by grant_no desc limit 1 offset greatest(? - 1, 0)),
             (select micros(max(until)) from cooldown where page_id in (0, ?)),
             (select count(*) from call i
               where i.isolation and i.granted_at > ledger_now() - make_interval(secs => ?)),
             p.page_id is not null, coalesce(p.paused, false), p.pause_reason,
             coalesce(p.token_revision, 0),
             least(?, (select floor(sum(fans) * ?)::bigint from page having count(*) = count(fans)))
        from budget b left join page p on p.page_id = ?
      """;

  static Gate read(Connection connection, Request request, Pace pace, QuotaConfig quota)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(READ)) {
      statement.setLong(1, pace.calls());
      statement.setLong(2, request.page().value());
      statement.setDouble(3, pace.perMicros() / 1e6);
      statement.setLong(4, quota.ceiling());
      statement.setDouble(5, quota.fanShare());
      statement.setLong(6, request.page().value());
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        return new Gate(
            row.getLong(1),
            row.getLong(2),
            row.getLong(3),
            row.getLong(4),
            row.getLong(5),
            row.getLong(6),
            row.getObject(7) == null || pace.unlimited() ? Long.MIN_VALUE : row.getLong(7),
            row.getLong(8),
            row.getLong(9),
            row.getBoolean(10),
            row.getBoolean(11),
            row.getString(12),
            row.getInt(13),
            row.getLong(14));
      }
    }
  }

  /** Units that a call of this lane may hold; 0 or less: none. */
  long room(Lane lane, QuotaConfig quota) {
    return limit - committed - held - uncertain - floor(lane, quota);
  }

  private long floor(Lane lane, QuotaConfig quota) {
    return lane == Lane.BACKGROUND ? (long) Math.ceil(limit * quota.reserveFloor()) : 0;
  }

  /** Why the request may not pass now; empty where it may. */
  Optional<Decision> judge(
      Request request, Pace pace, QuotaConfig quota, UpstreamWindow window, Seen seen) {
    if (window.closed(now)) {
      return Optional.of(new Refused(Fate.WINDOW_CLOSED, seen));
    }
    if (!registered || paused) {
      return Optional.of(new Refused(pauseFate(), seen));
    }
    if (tokenRevision == 0) {
      return Optional.of(new Refused(Fate.TOKEN_INVALID, seen));
    }
    if (room(request.lane(), quota) <= 0) {
      return Optional.of(noRoom(request.lane(), quota, seen));
    }
    if (cooldownUntil > now) {
      return Optional.of(waitUntil(cooldownUntil, Fate.COOLING_DOWN, seen));
    }
    long earliest = pace.earliest(now, nextGrant, boundingGrant);
    if (earliest > now) {
      return Optional.of(waitUntil(earliest, Fate.QUEUED, seen));
    }
    if (request.isolation()
        && !pace.unlimited()
        && isolationCalls >= Math.max(1, pace.calls() * ISOLATION_SHARE)) {
      return Optional.of(waitUntil(now + pace.perMicros() / 20, Fate.QUEUED, seen));
    }
    return Optional.empty();
  }

  private Decision noRoom(Lane lane, QuotaConfig quota, Seen seen) {
    long spent = committed + uncertain;
    if (limit - spent - floor(lane, quota) > 0) {
      return new Wait(HELD_UNITS, Fate.QUEUED, seen);
    }
    return new Refused(limit - spent > 0 ? Fate.QUOTA_RESERVED : Fate.QUOTA_EXHAUSTED, seen);
  }

  private Fate pauseFate() {
    if (pauseReason == null) {
      return Fate.PAGE_PAUSED;
    }
    return switch (pauseReason) {
      case "token_invalid" -> Fate.TOKEN_INVALID;
      case "permission_denied" -> Fate.PERMISSION_DENIED;
      default -> Fate.PAGE_PAUSED;
    };
  }

  private Decision waitUntil(long time, Fate why, Seen seen) {
    return new Wait(Duration.ofNanos((time - now) * 1000), why, seen);
  }
}
