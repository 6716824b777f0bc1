package org.psidgateway.ledger;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.UUID;
import javax.sql.DataSource;

/** Runs short transactions, and once more where PostgreSQL broke one off to end a deadlock. */
final class Transactions {
  private static final int TRIES = 5;
  private static final String DEADLOCK = "40P01";
  private static final String SERIALIZATION = "40001";

  interface Work<T> {
    T in(Connection connection) throws SQLException;
  }

  /** Thrown inside {@link Work} to roll back and still answer. */
  static final class Rollback extends RuntimeException {
    private static final long serialVersionUID = 1L;
    final transient Object answer;

    Rollback(Object answer) {
      super(null, null, false, false);
      this.answer = answer;
    }
  }

  private final DataSource dataSource;

  Transactions(DataSource dataSource) {
    this.dataSource = dataSource;
  }

  /** One statement or several that need no common snapshot: no transaction at all. */
  <T> T plain(Work<T> work) throws SQLException {
    try (Connection connection = dataSource.getConnection()) {
      return work.in(connection);
    }
  }

  /**
   * Waits until no other transaction is alone with this call, and keeps others out until the end.
   */
  static void alone(Connection connection, UUID callId) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement("select pg_advisory_xact_lock(?)")) {
      statement.setLong(1, callId.getLeastSignificantBits());
      statement.execute();
    }
  }

  <T> T run(Work<T> work) throws SQLException {
    for (int left = TRIES; ; left--) {
      try {
        return once(work);
      } catch (SQLException e) {
        if (left == 1
            || !(DEADLOCK.equals(e.getSQLState()) || SERIALIZATION.equals(e.getSQLState()))) {
          throw e;
        }
      }
    }
  }

  @SuppressWarnings("unchecked")
  private <T> T once(Work<T> work) throws SQLException {
    try (Connection connection = dataSource.getConnection()) {
      connection.setAutoCommit(false);
      try {
        T answer = work.in(connection);
        connection.commit();
        return answer;
      } catch (Rollback rollback) {
        connection.rollback();
        return (T) rollback.answer;
      } catch (SQLException | RuntimeException | Error e) {
        rollBack(connection, e);
        throw e;
      } finally {
        connection.setAutoCommit(true);
      }
    }
  }

  private static void rollBack(Connection connection, Throwable cause) {
    try {
      connection.rollback();
    } catch (SQLException e) {
      cause.addSuppressed(e);
    }
  }
}
