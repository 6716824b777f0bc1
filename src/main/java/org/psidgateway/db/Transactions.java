package org.psidgateway.db;

import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.runtime.ShutdownEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import javax.sql.DataSource;
import org.psidgateway.ops.OutageLog;

/**
 * Runs short transactions, and runs one again if PostgreSQL ended it to resolve a deadlock. Blocks;
 * takes part in no transaction of the caller's. Thread-safe.
 *
 * <p>{@link #run} commits on its connection, so that the COMMIT can travel with the last statements
 * and no lock is held for another round trip; {@link #shared} leaves the commit to JTA, because
 * only JTA can include what Hibernate writes.
 *
 * <p>Nearly all that this pod asks of PostgreSQL goes through here, so this is where the log learns
 * that PostgreSQL went away, and that it is back.
 */
@Singleton
public final class Transactions {
  private static final int TRIES = 5;
  private static final int LAST = Integer.MAX_VALUE;

  /** Some work may succeed while other work fails, for as long as something is wrong. */
  private static final Duration QUIET = Duration.ofSeconds(5);

  /** What is done on one connection; may run again after a deadlock. */
  @FunctionalInterface
  public interface Work<T> {
    T in(Connection connection) throws SQLException;
  }

  private interface Attempt<T, E extends Exception> {
    T make() throws E;
  }

  private final DataSource dataSource;
  private final OutageLog outage =
      new OutageLog(
          Transactions.class,
          "PostgreSQL is unavailable: known ids are answered from the caches, nothing is converted",
          "PostgreSQL is available again",
          QUIET);

  /** From then on the pool closes under whatever still runs. */
  private volatile boolean ending;

  public Transactions(DataSource dataSource) {
    this.dataSource = dataSource;
  }

  void end(@Observes @Priority(LAST) ShutdownEvent event) {
    ending = true;
  }

  /** Statements that need no common transaction. */
  public <T> T plain(Work<T> work) throws SQLException {
    return reported(() -> on(work));
  }

  private <T> T on(Work<T> work) throws SQLException {
    try (Connection connection = dataSource.getConnection()) {
      return work.in(connection);
    }
  }

  /**
   * A transaction, which begins with a {@link RoundTrip#opening}. Committed when the work returns,
   * unless it was by {@link RoundTrip#commit}; rolled back when it throws, or by {@link #undo}.
   */
  public <T> T run(Work<T> work) throws SQLException {
    return reported(() -> repeated(() -> once(work)));
  }

  /**
   * A transaction of Panache repositories and plain statements alike: what either writes is
   * committed together when the work returns, and rolled back together when it throws. Neither
   * {@link RoundTrip#commit} nor {@link #undo} may be used in it. Entities are written at its end:
   * a plain statement that has to see them needs a flush before it. The data source has to be the
   * container's.
   *
   * @throws RuntimeException if the work or the commit fails; a {@link SQLException} is its cause
   */
  public <T> T shared(Work<T> work) {
    return reported(() -> repeated(() -> QuarkusTransaction.requiringNew().call(() -> on(work))));
  }

  /** Inside {@link #run}: takes back what was done so far; the result is returned all the same. */
  public static <T> T undo(Connection connection, T answer) throws SQLException {
    connection.rollback();
    return answer;
  }

  private <T, E extends Exception> T reported(Attempt<T, E> attempt) throws E {
    try {
      T answer = attempt.make();
      outage.recovered();
      return answer;
    } catch (Exception e) {
      if (Outage.is(e) && !Outage.isConflict(e) && !ending) {
        outage.failed(Outage.cause(e), Outage.describe(e));
      }
      throw e;
    }
  }

  private static <T, E extends Exception> T repeated(Attempt<T, E> attempt) throws E {
    for (int left = TRIES; ; left--) {
      try {
        return attempt.make();
      } catch (Exception e) {
        if (left == 1 || !Outage.isConflict(e)) {
          throw e;
        }
      }
    }
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
