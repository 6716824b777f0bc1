package org.psidgateway.db;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.function.Supplier;

/**
 * Which PostgreSQL answers, and on which timeline: if either changes, what was committed last may
 * be gone.
 *
 * @param startedAt microseconds since the epoch
 * @param timeline 0 while it recovers, and takes no writes; -1 if it does not say
 */
public record Server(long startedAt, long timeline) {

  /**
   * What transactions are numbered in: the timeline, which outlasts a restart, or else the start of
   * the server.
   */
  public long history() {
    return timeline < 0 ? startedAt : timeline;
  }

  /**
   * A reader. Some managed servers refuse the functions that return the timeline: the first time
   * that happens is the last time that this reader asks for it. Thread-safe.
   */
  public static Reader reader() {
    return new ServerReader();
  }

  /** See {@link #reader}. */
  @FunctionalInterface
  public interface Reader {

    /**
     * Reads it in one round trip with other statements, which the same server thus answers. They
     * are sent once more if the timeline is refused, so they only read. The connection is in no
     * transaction.
     */
    Server read(Connection connection, Supplier<RoundTrip> others) throws SQLException;
  }
}
