package org.psidgateway.start;

import java.sql.SQLException;
import org.flywaydb.core.api.FlywayException;

/**
 * Why PostgreSQL can't be used, on one line. Its messages about a connection or a script contain no
 * secret; details, which may quote a row, are on lines of their own.
 */
final class Reason {
  private Reason() {}

  static String of(Throwable failure) {
    String script = failure instanceof FlywayException ? firstLine(failure) + ": " : "";
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException sql) {
        return script + "SQL state " + sql.getSQLState() + ": " + firstLine(sql) + behind(sql);
      }
    }
    return String.join(" ", message(failure).lines().toList());
  }

  /** "The connection attempt failed" has its cause in another exception. */
  private static String behind(SQLException failure) {
    Throwable cause = failure.getCause();
    return cause == null || message(failure).contains(message(cause))
        ? ""
        : " " + cause.getClass().getSimpleName() + ": " + firstLine(cause);
  }

  private static String firstLine(Throwable failure) {
    return message(failure).lines().findFirst().orElse("");
  }

  private static String message(Throwable failure) {
    return failure.getMessage() == null || failure.getMessage().isBlank()
        ? failure.getClass().getSimpleName()
        : failure.getMessage().strip();
  }
}
