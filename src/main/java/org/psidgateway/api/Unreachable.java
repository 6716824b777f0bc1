package org.psidgateway.api;

import java.net.ConnectException;
import java.sql.SQLException;

/** Tells a database that can't be reached from a statement that went wrong. */
final class Unreachable {
  private static final int DEEPEST_CAUSE = 20;

  private Unreachable() {}

  /** Whether anything in the chain of causes says that PostgreSQL was away or overloaded. */
  static boolean causedBy(Throwable failure) {
    Throwable cause = failure;
    for (int depth = 0; cause != null && depth < DEEPEST_CAUSE; depth++) {
      if (cause instanceof ConnectException
          || (cause instanceof SQLException && isConnection((SQLException) cause))) {
        return true;
      }
      cause = cause.getCause();
    }
    return false;
  }

  /**
   * 08: connection; 53: out of resources; 55P03: a lock, 57: the server, gave up. The pool's own
   * errors have no state.
   */
  private static boolean isConnection(SQLException e) {
    String state = e.getSQLState();
    return state == null
        || state.startsWith("08")
        || state.startsWith("53")
        || state.equals("55P03")
        || state.startsWith("57");
  }
}
