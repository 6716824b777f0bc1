package org.psidgateway.invalidation;

import java.time.Duration;

/**
 * How far a pod has read, by the database's own count and clock.
 *
 * @param xid the oldest transaction that was running: what it and all later ones write is still to
 *     be read
 * @param at in epoch seconds
 * @param server when the server was started, as text: after a fail-over another one counts
 *     transactions, and may give numbers out once more
 */
record Position(long xid, long at, String server) {
  /** A row is as old as its statement, and is seen only after the commit. */
  private static final Duration MARGIN = Duration.ofMinutes(1);

  /**
   * Whether every row written since {@code last} can still be read from there. Not so where rows
   * may have been deleted meanwhile, or where the server is another one or was restarted: it may
   * lack what the one before had committed last.
   */
  boolean follows(Position last) {
    return server.equals(last.server)
        && xid >= last.xid
        && at - last.at < InvalidationTable.KEPT.minus(MARGIN).toSeconds();
  }
}
