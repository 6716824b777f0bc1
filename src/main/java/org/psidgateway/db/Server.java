package org.psidgateway.db;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/**
 * Which PostgreSQL answers, and on which timeline: where either changes, what was committed last
 * may be gone.
 *
 * @param startedAt microseconds since the epoch
 * @param timeline 0 while it recovers, and takes no writes; -1 where it does not tell
 */
public record Server(long startedAt, long timeline) {
  private static final Logger LOG = Logger.getLogger(Server.class);

  private static final String READ =
      """
      select micros(pg_postmaster_start_time()), case when pg_is_in_recovery() then 0 else %s end
      """;

  private static final String WITH_TIMELINE =
      READ.formatted(
          "('x' || substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8))::bit(32)::bigint");

  private static final String WITHOUT = READ.formatted("-1");

  /** Not an outage here: the functions are called on no server that recovers. */
  private static final String NOT_WITH_THIS_WAL = "55000";

  /**
   * What transactions are numbered in: the timeline, which outlasts a restart, or else the start of
   * the server.
   */
  public long history() {
    return timeline < 0 ? startedAt : timeline;
  }

  /**
   * Reads it. Some managed servers refuse the functions that tell the timeline: the first time that
   * happens is the last time that it asks for it. Thread-safe.
   */
  public static final class Reader {
    private volatile boolean refused;

    /** On a connection that is in no transaction. */
    public Server read(Connection connection) throws SQLException {
      return read(connection, RoundTrip::plain);
    }

    /**
     * In one round trip with other statements, which the same server thus answers. They are sent
     * once more where the timeline is refused, so they only read. The connection is in no
     * transaction.
     */
    public Server read(Connection connection, Supplier<RoundTrip> others) throws SQLException {
      if (refused) {
        return read(connection, others.get(), WITHOUT);
      }
      try {
        return read(connection, others.get(), WITH_TIMELINE);
      } catch (SQLException e) {
        if (Outage.is(e) && !NOT_WITH_THIS_WAL.equals(e.getSQLState())) {
          throw e;
        }
        Server server = read(connection, others.get(), WITHOUT); // fails if it was not the timeline
        refused = true;
        LOG.infof(
            "PostgreSQL does not tell its timeline (%s); each restart is taken for a fail-over",
            Outage.describe(e));
        return server;
      }
    }

    private static Server read(Connection connection, RoundTrip trip, String query)
        throws SQLException {
      Server[] server = new Server[1];
      trip.query(
              query,
              row -> {
                row.next();
                server[0] = new Server(row.getLong(1), row.getLong(2));
              })
          .run(connection);
      return server[0];
    }
  }
}
