package org.psidgateway.db;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Statements that are sent together and answered together: one round trip, however many they are.
 * Under READ COMMITTED each has a snapshot of its own, so a statement sees what was committed while
 * the one before it waited for a lock. The first that fails ends the trip; those behind it are not
 * executed, a {@link #commit} included.
 *
 * <p>The driver sends statements together only while it knows how long a row may be: a query that
 * returns {@code text} costs a trip of its own. Return codes and numbers instead. Not thread-safe.
 */
public final class RoundTrip {

  /** What a query returned, read once; the cursor is before the first row. */
  @FunctionalInterface
  public interface Rows {
    void read(ResultSet rows) throws SQLException;
  }

  // Whatever a pooler or a URL made of the session: plans that are never compiled and favour
  // indexes, and limits that free the locks of a pod that freezes. Returns one boolean, no text.
  private static final String SETTINGS =
      """
      select num_nonnulls(
        set_config('jit', 'off', true), set_config('random_page_cost', '1.1', true)%s) > 0
      """;

  private static final String PLANNER = SETTINGS.formatted("");

  private static final String LIMITED =
      SETTINGS.formatted(
          """
          , set_config('lock_timeout', '2s', true), set_config('statement_timeout', '5s', true),
            set_config('idle_in_transaction_session_timeout', '3s', true)""");

  private final StringBuilder sql = new StringBuilder();
  private final List<@Nullable Object> parameters = new ArrayList<>();
  private final List<Rows> readers = new ArrayList<>();

  private RoundTrip() {}

  /** Statements outside a transaction; what they change is committed together. */
  public static RoundTrip plain() {
    return new RoundTrip().query(PLANNER, rows -> {});
  }

  /** The first statements of a transaction: READ COMMITTED, with the limits that locks need. */
  public static RoundTrip opening() {
    return new RoundTrip()
        .update("set transaction isolation level read committed")
        .query(LIMITED, rows -> {});
  }

  /** Further statements of a transaction. */
  public static RoundTrip further() {
    return new RoundTrip();
  }

  /** A statement that returns rows. */
  public RoundTrip query(String statement, Rows rows, @Nullable Object... values) {
    sql.append(sql.isEmpty() ? "" : ";\n").append(statement.strip());
    Collections.addAll(parameters, values);
    readers.add(rows);
    return this;
  }

  /** A statement that returns none. */
  public RoundTrip update(String statement, @Nullable Object... values) {
    return query(statement, rows -> {}, values);
  }

  /** Ends the transaction in this same trip, so that locks are not held for another one. */
  public RoundTrip commit() {
    return update("commit");
  }

  public void run(Connection connection) throws SQLException {
    if (readers.isEmpty()) {
      return;
    }
    try (PreparedStatement statement = connection.prepareStatement(sql.toString())) {
      for (int i = 0; i < parameters.size(); i++) {
        statement.setObject(i + 1, parameters.get(i));
      }
      boolean rows = statement.execute();
      for (Rows reader : readers) {
        if (rows) {
          try (ResultSet result = statement.getResultSet()) {
            reader.read(result);
          }
        }
        rows = statement.getMoreResults();
      }
    }
  }
}
