package org.psidgateway.invalidation;

import java.time.Duration;
import org.psidgateway.db.Server;

/**
 * How far a pod has read, by the database's own count and clock.
 *
 * @param xid the oldest transaction that was running: what it and all later ones write is still to
 *     be read
 * @param at in epoch seconds
 * @param server which one counted
 */
record ReadPosition(long xid, long at, Server server) {
  /** A row is as old as its statement, and is seen only after the commit. */
  private static final Duration MARGIN = Duration.ofMinutes(1);

  /**
   * More transactions than a crash forgets: those that wrote nothing to disk. Their numbers are
   * given out again.
   */
  private static final long FORGOTTEN = 1_000_000;

  private static final long FIRST_XID = 3;

  /**
   * Whether every row written since {@code last} can still be read, from {@link #from} on. Not if
   * rows may have been deleted meanwhile, or if the server has another history: it may lack what
   * the previous one had committed last.
   */
  boolean follows(ReadPosition last) {
    return server.history() == last.server.history()
        && xid >= from(last)
        && at - last.at < InvalidationTable.KEPT.minus(MARGIN).toSeconds();
  }

  /** The oldest transaction to read on from, after {@code last}. */
  long from(ReadPosition last) {
    return restartedSince(last) ? Math.max(FIRST_XID, last.xid - FORGOTTEN) : last.xid;
  }

  /** Whether a row reported before may be mistaken for another one. */
  boolean restartedSince(ReadPosition last) {
    return server.startedAt() != last.server.startedAt();
  }
}
