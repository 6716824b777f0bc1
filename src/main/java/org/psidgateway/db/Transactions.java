package org.psidgateway.db;

import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;

/**
 * Runs short transactions, and again if PostgreSQL broke one off to end a deadlock. Blocks; takes
 * part in no transaction of the caller's. Thread-safe.
 */
public final class Transactions {
  private static final int TRIES = 5;
  private static final String DEADLOCK = "40P01";
  private static final String SERIALIZATION = "40001";

  /** What is done on one connection; may run again after a deadlock. */
  @FunctionalInterface
  public interface Work<T> {
    T in(Connection connection) throws SQLException;
  }

  private final DataSource dataSource;

  public Transactions(DataSource dataSource) {
    this.dataSource = dataSource;
  }

  /** Statements that need no common transaction. */
  public <T> T plain(Work<T> work) throws SQLException {
    try (Connection connection = dataSource.getConnection()) {
      return work.in(connection);
    }
  }

  /**
   * A transaction, which begins with a {@link RoundTrip#opening}. Committed when the work returns,
   * unless it was by {@link RoundTrip#commit}; rolled back when it throws, or by {@link #undo}.
   */
  public <T> T run(Work<T> work) throws SQLException {
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

  /** Inside {@link Work}: takes back what was done so far; the answer is returned all the same. */
  public static <T> T undo(Connection connection, T answer) throws SQLException {
    connection.rollback();
    return answer;
  }

  private <T> T once(Work<T> work) throws SQLException {
    try (Connection connection = dataSource.getConnection()) {
      connection.setAutoCommit(false);
      try {
        T answer = work.in(connection);
        connection.commit();
        return answer;
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
