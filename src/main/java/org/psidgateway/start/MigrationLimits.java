package org.psidgateway.start;

import java.sql.SQLException;
import java.sql.Statement;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.callback.Callback;
import org.flywaydb.core.api.callback.Context;
import org.flywaydb.core.api.callback.Event;

/**
 * The limits of a migration: it may take any time, but may not wait long for a lock, since old pods
 * serve meanwhile and would queue behind it. Connections ask for that as {@link #OPTIONS}; a pooler
 * may drop those, so each migration sets it once more for its own transaction: a session that
 * others share is left as it was.
 */
final class MigrationLimits implements Callback {
  static final String OPTIONS =
      "-c lock_timeout=2s -c statement_timeout=0 -c idle_in_transaction_session_timeout=0";

  private static final String SET =
      "set local lock_timeout = '2s';"
          + " set local statement_timeout = 0;"
          + " set local idle_in_transaction_session_timeout = 0";

  @Override
  public boolean supports(Event event, Context context) {
    return event == Event.BEFORE_EACH_MIGRATE;
  }

  @Override
  public boolean canHandleInTransaction(Event event, Context context) {
    return true;
  }

  @Override
  public void handle(Event event, Context context) {
    try (Statement statement = context.getConnection().createStatement()) {
      statement.execute(SET);
    } catch (SQLException e) {
      throw new FlywayException("the limits of a migration can't be set", e);
    }
  }

  @Override
  public String getCallbackName() {
    return "limits";
  }
}
