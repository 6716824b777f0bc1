package org.psidgateway.ledger;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** What some calls hold: ids under way, and ids that are kept from being asked for a while. */
final class HeldClaims {
  private static final long SHORTEST_SLEEP = 100_000;

  /** A late answer may come at any time. */
  private static final long LONGEST_SLEEP = 5_000_000;

  private final Map<UUID, Set<Long>> byCall = new HashMap<>();

  /** Microseconds until the first of them lapses; {@link Long#MAX_VALUE} if none will. */
  private long lapsesIn = Long.MAX_VALUE;

  /** Whether a call is under way, which may end at any time. */
  private boolean underWay;

  Set<Long> of(UUID call) {
    return byCall.getOrDefault(call, Set.of());
  }

  /** When a further look may find something new. */
  Duration lookAgain() {
    long micros = underWay ? 0 : Math.min(LONGEST_SLEEP, lapsesIn);
    return Duration.ofNanos(1000 * Math.max(SHORTEST_SLEEP, micros));
  }

  /** Rows of {@link Claims#UNDER_WAY}. */
  void read(ResultSet rows) throws SQLException {
    while (rows.next()) {
      byCall
          .computeIfAbsent(rows.getObject(1, UUID.class), call -> new HashSet<>())
          .add(rows.getLong(2));
      long left = rows.getLong(3);
      underWay |= rows.wasNull();
      lapsesIn = rows.wasNull() ? lapsesIn : Math.min(lapsesIn, left);
    }
  }
}
