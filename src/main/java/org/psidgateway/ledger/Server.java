package org.psidgateway.ledger;

import java.sql.Connection;
import java.sql.SQLException;
import org.psidgateway.db.RoundTrip;

/**
 * Which PostgreSQL answers, and on which timeline: where either changes, what was committed last
 * may be gone.
 *
 * @param startedAt microseconds since the epoch
 * @param timeline 0 while it recovers, and takes no writes
 */
record Server(long startedAt, long timeline) {
  private static final String READ =
      """
      select micros(pg_postmaster_start_time()),
             case when pg_is_in_recovery() then 0
               else ('x' || substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8))::bit(32)::bigint end
      """;

  static Server read(Connection connection) throws SQLException {
    Server[] server = new Server[1];
    RoundTrip.plain()
        .query(
            READ,
            row -> {
              row.next();
              server[0] = new Server(row.getLong(1), row.getLong(2));
            })
        .run(connection);
    return server[0];
  }
}
