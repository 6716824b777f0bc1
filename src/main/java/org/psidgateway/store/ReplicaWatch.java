package org.psidgateway.store;

import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import javax.sql.DataSource;
import org.psidgateway.time.Ticker;

/**
 * Looks every second whether the replica is one of this very database, and how far it is behind.
 * While the database is away the replica is used as it is: nothing can be heard of a change either.
 */
@Singleton
class ReplicaWatch {
  private static final String IDENTITY =
      "select system_identifier || '/' || (select oid from pg_database"
          + " where datname = current_database()) from pg_control_system()";
  private static final String WRITTEN =
      "select (" + IDENTITY + "), pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::bigint";
  // One that was promoted remembers what it replayed.
  private static final String REPLAYED =
      "select ("
          + IDENTITY
          + "), case when pg_is_in_recovery()"
          + " then pg_wal_lsn_diff(pg_last_wal_replay_lsn(), '0/0')::bigint end";

  /** How far a server is, in which database; its log begins after 0, which stands for none. */
  private record Position(String database, long log) {}

  private final DataSource primary;
  private final Replica replica;
  private final ReplicaMeters meters;
  private final Duration maxLag;
  private final Ticker ticker;
  private final Lag lag = new Lag();
  private String database = "";
  private String primaryState = "";

  ReplicaWatch(
      DataSource primary,
      Replica replica,
      ReplicaMeters meters,
      ReplicaConfig config,
      Ticker ticker) {
    this.primary = primary;
    this.replica = replica;
    this.meters = meters;
    this.maxLag = config.maxLag();
    this.ticker = ticker;
  }

  /** On a thread of its own, so that a database that hangs does not keep the other one waiting. */
  @Scheduled(every = "1s", concurrentExecution = ConcurrentExecution.SKIP)
  void lookAtPrimary() {
    if (!replica.isConfigured()) {
      return;
    }
    long before = ticker.nanos();
    long replayed = replayed();
    try (Connection connection = primary.getConnection()) {
      Position written = position(connection, WRITTEN);
      written(written, before, replayed);
    } catch (SQLException e) {
      failed(e.getSQLState());
    }
  }

  @Scheduled(every = "1s", concurrentExecution = ConcurrentExecution.SKIP)
  void lookAtReplica() {
    if (replica.isConfigured()) {
      try (Connection connection = replica.connection()) {
        judge(position(connection, REPLAYED));
      } catch (SQLException e) {
        replica.usable(false, "it does not answer, SQL state " + e.getSQLState());
      }
    }
  }

  private synchronized long replayed() {
    return lag.replayed();
  }

  private synchronized void written(Position written, long nanos, long replayedBefore) {
    database = written.database();
    lag.written(written.log(), nanos, replayedBefore);
    primaryState = "";
  }

  private synchronized void failed(String sqlState) {
    primaryState = ", which says SQL state " + sqlState;
  }

  private synchronized void judge(Position replayed) {
    if (replayed.log() == 0) {
      replica.usable(false, "it is no replica");
    } else if (!replayed.database().equals(database)) {
      replica.usable(false, "it is not known to be one of this database" + primaryState);
    } else {
      lag.replayed(replayed.log());
      meters.behind(lag.behind());
      replica.upToDate(lag.silence(ticker.nanos()).compareTo(maxLag) <= 0);
      replica.usable(
          lag.behind().compareTo(maxLag) <= 0, "it is too far behind, or follows another database");
    }
  }

  private static Position position(Connection connection, String query) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(query)) {
      row.next();
      return new Position(row.getString(1), row.getLong(2));
    }
  }
}
