package org.psidgateway.limits;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import org.psidgateway.model.Lane;

/**
 * Which lane goes first, across all pods: background work yields while an interactive call waits
 * for its turn, except for one slot per minute. A lane that waits leaves a stamp in the budget row.
 *
 * @param interactiveUntil an interactive call waits until then at least
 * @param backgroundUntil a background call that is due waits until then at least
 * @param backgroundAt the latest background grant
 * @param due how long after it background goes first once: see {@link #due(Pace)}
 */
record LaneFairness(long interactiveUntil, long backgroundUntil, long backgroundAt, long due) {
  /** A little less than the minute, so that the grant comes within it. */
  private static final long MINUTE = 55_000_000;

  /** Time to wake up and to look: a stamp outlives its wait by this much. */
  private static final long GRACE = 300_000;

  /**
   * A longer wait looks again before that and renews its stamp, so a waiter that has died holds
   * nobody up.
   */
  private static final long LONGEST = 12_000_000;

  private static final String STAMP =
      """
      update budget set %1$s = at_micros(?)
       where %1$s < at_micros(?) or %1$s > ledger_now() + interval '1 minute'
      """;

  /** A minute; with fewer than two slots per minute, every other slot. */
  static long due(Pace pace) {
    return Math.max(MINUTE, 2 * pace.spacing() - MINUTE / 10);
  }

  /** Until when the lane has to let the other one go first; {@code now} or earlier: it need not. */
  long yieldUntil(long now, Lane lane) {
    if (backgroundDue(now)) {
      return lane == Lane.BACKGROUND ? now : bounded(now, backgroundUntil);
    }
    return lane == Lane.BACKGROUND
        ? Math.min(bounded(now, interactiveUntil), backgroundAt + due)
        : now;
  }

  /** Background work that is due takes the very next slot, as interactive work would. */
  Lane pacedAs(long now, Lane lane) {
    return backgroundDue(now) ? Lane.INTERACTIVE : lane;
  }

  private boolean backgroundDue(long now) {
    return backgroundAt <= now - due || backgroundAt > now;
  }

  private static long bounded(long now, long until) {
    return until > now + LONGEST ? now : until;
  }

  /** Tells the others that this lane waits until {@code until}, if they would have to yield. */
  void stamp(Connection connection, long now, Lane lane, long until) throws SQLException {
    long stamp = Math.min(until, now + LONGEST - GRACE) + GRACE;
    long present = lane == Lane.BACKGROUND ? backgroundUntil : interactiveUntil;
    boolean heeded = lane == Lane.INTERACTIVE || backgroundDue(now);
    if (!heeded || stamp <= present && present <= now + LONGEST) {
      return;
    }
    String column = lane == Lane.BACKGROUND ? "background_until" : "interactive_until";
    try (PreparedStatement statement = connection.prepareStatement(STAMP.formatted(column))) {
      statement.setLong(1, stamp);
      statement.setLong(2, stamp);
      statement.executeUpdate();
    }
  }
}
